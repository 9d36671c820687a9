// SPDX-License-Identifier: Apache-2.0

package model

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"

	"tcni.dev/pkg/tc"
)

// Frame returns an Ethernet frame; most are made to be taken by one of the
// routes, or to miss it by little.
func Frame(r *rand.Rand, routes []tc.Route, egress bool) []byte {
	p := Packet{
		Source: address(r), Protocol: protocol(r), DSCP: uint8(r.UintN(64)),
		SourcePort: port(r), DestinationPort: port(r),
	}
	p.Destination = sameFamily(r, p.Source)
	if len(routes) > 0 && r.IntN(8) > 0 {
		aim(r, &p, routes[r.IntN(len(routes))].Match, egress)
	}
	frame := append(make([]byte, 12, 256), 0x08, 0x00)
	if p.Source.Is4() {
		frame = append(frame, ipv4(r, p)...)
	} else {
		frame[12], frame[13] = 0x86, 0xdd
		frame = append(frame, ipv6(r, p)...)
	}
	switch r.IntN(24) {
	case 0:
		binary.BigEndian.PutUint16(frame[12:], [...]uint16{0x0806, 0x8100, 0x88a8, 0x86dd, 0x0800}[r.IntN(5)])
	case 1, 2: // the end is missing
		frame = frame[:ethernet+r.IntN(len(frame)-ethernet+1)]
	}
	return withHeader(frame[:min(len(frame), maxFrame)])
}

// maxFrame is as long as a frame for BPF_PROG_TEST_RUN may be, a page with what
// the kernel needs of it.
const maxFrame = 3072

// withHeader makes a frame so long that its fixed header is complete:
// BPF_PROG_TEST_RUN of newer kernels refuses others.
func withHeader(frame []byte) []byte {
	least := map[uint16]int{0x0800: 20, 0x86dd: 40}[binary.BigEndian.Uint16(frame[12:])]
	if missing := ethernet + max(least, 1) - len(frame); missing > 0 {
		return append(frame, make([]byte, missing)...)
	}
	return frame
}

func sameFamily(r *rand.Rand, a netip.Addr) netip.Addr {
	for {
		if b := address(r); b.Is4() == a.Is4() {
			return b
		}
	}
}

// aim changes p so that m takes it, more or less.
func aim(r *rand.Rand, p *Packet, m tc.Match, egress bool) {
	remote, local := &p.Source, &p.Destination
	remotePort, localPort := &p.SourcePort, &p.DestinationPort
	if egress {
		remote, local, remotePort, localPort = local, remote, localPort, remotePort
	}
	if len(m.CIDRs) > 0 {
		*remote = near(r, m.CIDRs[r.IntN(len(m.CIDRs))])
		*local = sameFamily(r, *remote)
	}
	if len(m.Ports) > 0 {
		*remotePort = nearPort(r, m.Ports[r.IntN(len(m.Ports))])
	}
	if len(m.LocalPorts) > 0 {
		*localPort = nearPort(r, m.LocalPorts[r.IntN(len(m.LocalPorts))])
	}
	if len(m.Protocols) > 0 {
		p.Protocol = m.Protocols[r.IntN(len(m.Protocols))]
	}
	if len(m.DSCPs) > 0 {
		p.DSCP = m.DSCPs[r.IntN(len(m.DSCPs))]
	}
}

// near returns the first or the last address of p, one in it, or one beside it.
func near(r *rand.Rand, p netip.Prefix) netip.Addr {
	first := p.Masked().Addr()
	b := first.AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	last, _ := netip.AddrFromSlice(b)
	switch r.IntN(4) {
	case 0:
		return first
	case 1:
		return last
	case 2:
		if next := last.Next(); next.IsValid() {
			return next
		}
	}
	for i := p.Bits(); i < len(b)*8; i++ {
		if r.IntN(2) == 0 {
			b[i/8] ^= 0x80 >> (i % 8)
		}
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

func nearPort(r *rand.Rand, p tc.PortRange) uint16 {
	switch r.IntN(4) {
	case 0:
		return p.First
	case 1:
		return p.Last
	case 2:
		return p.Last + 1
	}
	return p.First + uint16(r.UintN(1+uint(p.Last-p.First)))
}
