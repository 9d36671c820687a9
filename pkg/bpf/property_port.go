// SPDX-License-Identifier: Apache-2.0

package bpf

import "tcni.dev/pkg/tc"

const (
	pageShift = 6
	pagePorts = 1 << pageShift
	ports     = 1 << 16
)

func buildRemotePort(c *compiler, d *dimension) (func(*assembler), error) {
	return buildPort(c, d, c.egress, func(m tc.Match) []tc.PortRange { return m.Ports })
}

func buildLocalPort(c *compiler, d *dimension) (func(*assembler), error) {
	return buildPort(c, d, !c.egress, func(m tc.Match) []tc.PortRange { return m.LocalPorts })
}

// buildPort tells ports apart: 1024 page numbers, then pages of the classes of
// 64 ports. Equal pages are kept once, so few routes make a small table.
func buildPort(c *compiler, d *dimension, destination bool, of func(tc.Match) []tc.PortRange) (func(*assembler), error) {
	s := newSweep(c.pool, len(c.routes))
	for i, r := range c.routes {
		ranges := of(r.Match)
		if len(ranges) == 0 {
			s.always(i)
		}
		for _, p := range ranges {
			s.accept(i, point{0, uint64(p.First)}, point{0, uint64(p.Last)})
		}
	}
	v, err := s.vector()
	if err != nil {
		return nil, err
	}
	none, err := d.class(v) // of packets without ports
	if err != nil {
		return nil, err
	}
	bounds, err := s.bounds(d)
	if err != nil {
		return nil, err
	}
	top, pages := paginate(bounds)
	l := portLookup{destination, none, c.blob.add(bytes16(top)), c.blob.add(bytes16(pages))}
	return l.emit, nil
}

func paginate(bounds []bound) (top, pages []uint16) {
	var classes [ports]uint16
	spread(bounds, classes[:])
	known := map[[pagePorts]uint16]uint16{}
	for at := 0; at < ports; at += pagePorts {
		page := [pagePorts]uint16(classes[at:])
		id, ok := known[page]
		if !ok {
			id = uint16(len(known))
			known[page] = id
			pages = append(pages, page[:]...)
		}
		top = append(top, id)
	}
	return top, pages
}

type portLookup struct {
	destination bool
	none        uint16
	top, pages  table
}

// emit looks up one of the ports in r8.
func (l portLookup) emit(a *assembler) {
	done := a.fresh("port.done")
	a.opImm(opMov, r0, int32(l.none))
	a.jumpImm(jumpEQ, r8, noPorts, done)
	a.op(opMov, r1, r8)
	if !l.destination {
		a.opImm(opRsh, r1, 16)
	}
	a.opImm(opAnd, r1, ports-1)
	a.op(opMov, r2, r1)
	a.opImm(opRsh, r2, pageShift)
	a.opImm(opLsh, r2, 1)
	a.at(r3, r2, l.top, 2)
	a.load(u16, r2, r3, 0)
	a.opImm(opLsh, r2, pageShift)
	a.opImm(opAnd, r1, pagePorts-1)
	a.op(opAdd, r2, r1)
	a.opImm(opLsh, r2, 1)
	a.at(r3, r2, l.pages, 2)
	a.load(u16, r0, r3, 0)
	a.label(done)
}
