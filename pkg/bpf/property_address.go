// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"encoding/binary"
	"net/netip"
)

// span returns the first and the last address of a prefix as points. An IPv4
// address is the upper 32 bits of one.
func span(p netip.Prefix) (first, last point) {
	var b [16]byte
	copy(b[:], p.Masked().Addr().AsSlice())
	first = point{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
	host := point{^uint64(0), ^uint64(0)}
	if n := p.Bits(); n < 64 {
		host.hi >>= n
	} else {
		host.hi, host.lo = 0, host.lo>>(n-64)
	}
	return first, point{first.hi | host.hi, first.lo | host.lo}
}

// buildAddress tells the remote addresses apart, of IPv4 and IPv6 each by a
// tree of its own.
func buildAddress(c *compiler, d *dimension) (func(*assembler), error) {
	var t trees
	depth := 0
	for family, root := range []*reference{&c.root4, &c.root6} {
		s := newSweep(c.pool, len(c.routes))
		for i, r := range c.routes {
			if len(r.Match.CIDRs) == 0 {
				s.always(i)
			}
			for _, p := range r.Match.CIDRs {
				if p.Addr().Is4() == (family == 0) {
					first, last := span(p)
					s.accept(i, first, last)
				}
			}
		}
		bounds, err := s.bounds(d)
		if err != nil {
			return nil, err
		}
		top := t.build(bounds, 0, 0)
		*root, depth = top.ref, max(depth, top.depth)
	}
	nodes := c.blob.add(t.nodes)
	return func(a *assembler) { a.walkTree(nodes, depth) }, nil
}

// walkTree leaves the class of the address in slotHigh and slotLow in r0,
// beginning at the reference in slotRoot, after at most depth nodes.
func (a *assembler) walkTree(nodes table, depth int) {
	a.load(u64, r1, frame, slotHigh)
	a.load(u64, r2, frame, slotLow)
	a.load(u64, r3, frame, slotRoot)
	a.opImm(opMov, r9, 0)
	a.label("tree")
	a.jumpImm(jumpSet, r3, int32(refClass), "tree.class")
	a.jumpImm(jumpGE, r9, int32(depth), labelMiss)
	a.jumpImm(jumpSet, r3, int32(refNext), "tree.next")
	a.label("tree.node")
	a.op(opMov, r4, r1)
	a.opImm(opRsh, r4, 32)
	a.opImm(opAnd, r3, int32(refPlace))
	a.at(r0, r3, nodes, nodeSize)
	a.countBelow(r5, r4, r0, r3)
	a.opImm(opLsh, r5, 2)
	a.op(opAdd, r0, r5)
	a.load(u32, r3, r0, refsAt)
	a.opImm(opAdd, r9, 1)
	a.goTo("tree")

	a.label("tree.next") // 32 bits further
	a.opImm(opLsh, r1, 32)
	a.op(opMov, r4, r2)
	a.opImm(opRsh, r4, 32)
	a.op(opOr, r1, r4)
	a.opImm(opLsh, r2, 32)
	a.goTo("tree.node")

	a.label("tree.class")
	a.op(opMov, r0, r3)
	a.opImm(opRsh, r0, classShift)
}

// countBelow counts the keys of a node below key: a sum of borrow bits, since
// a jump for each key would be mispredicted half of the time.
func (a *assembler) countBelow(count, key, node, scratch register) {
	a.opImm(opMov, count, 0)
	for i := range nodeKeys {
		a.load(u32, scratch, node, 4*i)
		a.op(opSub, scratch, key)
		a.opImm(opRsh, scratch, 63)
		a.op(opAdd, count, scratch)
	}
}
