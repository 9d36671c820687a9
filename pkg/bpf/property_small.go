// SPDX-License-Identifier: Apache-2.0

package bpf

import "tcni.dev/pkg/tc"

// IP protocol numbers that the classifier knows (IANA, Protocol Numbers).
const (
	protoHopByHop    = 0
	protoICMP        = 1
	protoTCP         = 6
	protoUDP         = 17
	protoDCCP        = 33
	protoRouting     = 43
	protoFragment    = 44
	protoAH          = 51
	protoICMPv6      = 58
	protoDestination = 60
	protoSCTP        = 132
	protoUDPLite     = 136
)

var (
	// impliedByPorts are the protocols of a match that has ports and no protocol.
	impliedByPorts = []uint8{protoTCP, protoUDP, protoSCTP}
	// portProtocols begin with the source and the destination port.
	portProtocols = []uint8{protoTCP, protoUDP, protoSCTP, protoDCCP, protoUDPLite}
	// extensionHeaders are those of IPv6 that another header follows (RFC 8200,
	// section 4; the kernel's ipv6_ext_hdr).
	extensionHeaders = []uint8{protoHopByHop, protoRouting, protoFragment, protoAH, protoDestination}
)

const (
	protocolsPerFamily = 256
	codePoints         = 64
)

// buildProtocol tells protocols apart, for each family: ICMP is IPv4's alone,
// ICMPv6 that of IPv6.
func buildProtocol(c *compiler, d *dimension) (func(*assembler), error) {
	s := newSweep(c.pool, len(c.routes))
	for i, r := range c.routes {
		if !asksProtocol(r.Match) {
			s.always(i)
		}
		for _, p := range protocolsOf(r.Match) {
			if p != protoICMPv6 {
				s.acceptOne(i, uint64(p))
			}
			if p != protoICMP {
				s.acceptOne(i, protocolsPerFamily+uint64(p))
			}
		}
	}
	t, err := c.direct(d, s, 2*protocolsPerFamily)
	if err != nil {
		return nil, err
	}
	return func(a *assembler) {
		a.op(opMov, r1, r7)
		a.lookUp(t)
	}, nil
}

func protocolsOf(m tc.Match) []uint8 {
	if len(m.Protocols) == 0 && asksPorts(m) {
		return impliedByPorts
	}
	return m.Protocols
}

func buildDSCP(c *compiler, d *dimension) (func(*assembler), error) {
	s := newSweep(c.pool, len(c.routes))
	for i, r := range c.routes {
		if len(r.Match.DSCPs) == 0 {
			s.always(i)
		}
		for _, v := range r.Match.DSCPs {
			s.acceptOne(i, uint64(v))
		}
	}
	t, err := c.direct(d, s, codePoints)
	if err != nil {
		return nil, err
	}
	return func(a *assembler) {
		a.load(u64, r1, frame, slotDSCP)
		a.lookUp(t)
	}, nil
}

func (s *sweep) acceptOne(route int, v uint64) { s.accept(route, point{0, v}, point{0, v}) }

// direct makes a table with the class of each of n values.
func (c *compiler) direct(d *dimension, s *sweep, n int) (table, error) {
	bounds, err := s.bounds(d)
	if err != nil {
		return table{}, err
	}
	classes := make([]uint16, n)
	spread(bounds, classes)
	return c.blob.add(bytes16(classes)), nil
}

// lookUp leaves entry r1 of a table of 16-bit numbers in r0.
func (a *assembler) lookUp(t table) {
	a.opImm(opLsh, r1, 1)
	a.at(r2, r1, t, 2)
	a.load(u16, r0, r2, 0)
}
