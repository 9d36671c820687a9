// SPDX-License-Identifier: Apache-2.0

package bpf

// program puts the pieces together.
func (c *compiler) program(a *assembler, digest uint64, lookups []lookup, decide func(*assembler)) {
	a.imm64(r0, digest) // so that programs for other routes have other tags
	if len(c.routes) > 0 {
		classes := c.classes()
		c.parse(a)
		for _, l := range lookups {
			l.emit(a)
			a.store(u64, frame, l.dimension.slot, r0)
		}
		decide(a)
		c.take(a, classes)
	}
	a.label(labelMiss)
	a.opImm(opMov, r0, 0)
	a.exit()
}

func (c *compiler) emitProducts(a *assembler) {
	for _, p := range c.products {
		p.emit(a)
		if p.out != nil {
			a.store(u64, frame, p.out.slot, r0)
		}
	}
}

func (a *assembler) lookUpRoute(t table) {
	a.lookUp(t)
	a.routePlusOne()
}

// routePlusOne turns a table's entry in r0 into the route's number.
func (a *assembler) routePlusOne() {
	a.jumpImm(jumpEQ, r0, 0, labelMiss)
	a.opImm(opSub, r0, 1)
}

func (c *compiler) classes() table {
	var out []uint32
	for _, r := range c.routes {
		out = append(out, uint32(r.Class))
	}
	return c.blob.add(bytes32(out))
}

// take counts the packet for route r0 and returns the route's class. It counts
// as HTB does (bstats_update in include/net/sch_generic.h): the segments of a
// GSO packet, and their length on the wire.
func (c *compiler) take(a *assembler, classes table) {
	a.jumpImm(jumpGE, r0, int32(len(c.routes)), labelMiss)
	a.op(opMov, r1, r0)
	a.opImm(opLsh, r1, 4)
	a.address(r2, countersMap, 0)
	a.op(opAdd, r2, r1)
	a.load(u32, r3, r6, skbGSOSegs)
	a.jumpImm(jumpNE, r3, 0, "segments")
	a.opImm(opMov, r3, 1)
	a.label("segments")
	a.add(r2, 0, r3)
	a.load(u32, r3, r6, skbWireLen)
	a.add(r2, 8, r3)
	a.opImm(opLsh, r0, 2)
	a.address(r1, tablesMap, classes.off)
	a.op(opAdd, r1, r0)
	a.load(u32, r0, r1, 0)
	a.exit()
}
