// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"encoding/binary"
	"net/netip"

	"tcni.dev/pkg/tc"
)

// set is a kind of routes to measure with, and the packets that cost most.
type set struct {
	name   string
	routes func(n int) []tc.Route
	frames func(n int) [][]byte
}

func routesOf(n int, match func(i int) tc.Match) []tc.Route {
	out := make([]tc.Route, n)
	for i := range out {
		out[i] = tc.Route{Match: match(i), Class: tc.MakeHandle(1, uint16(i+1))}
	}
	return out
}

// host is the i-th of hosts that lie far from each other.
func host(i int) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 0x0a000000|uint32(i)*2654435761>>8)
	return netip.AddrFrom4(b)
}

func host6(i int) netip.Addr {
	b := [16]byte{0x20, 0x01, 0x0d, 0xb8}
	binary.BigEndian.PutUint64(b[4:], uint64(i)*0x9e3779b97f4a7c15)
	return netip.AddrFrom16(b)
}

func only(a netip.Addr) []netip.Prefix { return []netip.Prefix{netip.PrefixFrom(a, a.BitLen())} }

func portsFrom(first, last int) []tc.PortRange {
	return []tc.PortRange{{First: uint16(first), Last: uint16(last)}}
}

// udp returns a UDP packet for a remote end.
func udp(a netip.Addr, port int) []byte {
	var b []byte
	if a.Is4() {
		b = append(make([]byte, 12), 0x08, 0x00, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, protoUDP, 0, 0, 10, 9, 9, 9)
	} else {
		b = append(make([]byte, 12), 0x86, 0xdd, 0x60, 0, 0, 0, 0, 8, protoUDP, 64)
		b = append(b, make([]byte, 16)...)
	}
	b = append(b, a.AsSlice()...)
	return append(b, 0x30, 0x39, byte(port>>8), byte(port), 0, 8, 0, 0)
}

// spreadOver returns 16 frames of positions that are all over 0..n-1.
func spreadOver(n int, frame func(i int) []byte) (out [][]byte) {
	for i := range 16 {
		out = append(out, frame((i*n+n-1)/16%n))
	}
	return out
}

var missing = netip.MustParseAddr("192.0.2.1")

var sets = []set{
	{"hosts", func(n int) []tc.Route {
		return routesOf(n, func(i int) tc.Match { return tc.Match{CIDRs: only(host(i))} })
	}, func(n int) [][]byte { return spreadOver(n, func(i int) []byte { return udp(host(i), 80) }) }},
	{"hosts6", func(n int) []tc.Route {
		return routesOf(n, func(i int) tc.Match { return tc.Match{CIDRs: only(host6(i))} })
	}, func(n int) [][]byte { return spreadOver(n, func(i int) []byte { return udp(host6(i), 80) }) }},
	{"services", func(n int) []tc.Route {
		return routesOf(n, func(i int) tc.Match {
			return tc.Match{CIDRs: only(host(i)), Ports: portsFrom(80+i%7, 80+i%7), Protocols: []uint8{protoTCP, protoUDP}}
		})
	}, func(n int) [][]byte { return spreadOver(n, func(i int) []byte { return udp(host(i), 80+i%7) }) }},
	{"ports", func(n int) []tc.Route {
		return routesOf(n, func(i int) tc.Match { return tc.Match{Ports: portsFrom(1+13*i, 1+13*i)} })
	}, func(n int) [][]byte { return spreadOver(n, func(i int) []byte { return udp(missing, 1+13*i) }) }},
	{"ranges", func(n int) []tc.Route { // the narrow ones first
		return routesOf(n, func(i int) tc.Match { return tc.Match{Ports: portsFrom(30000-5*i, 30001+5*i)} })
	}, func(n int) [][]byte { return spreadOver(n, func(i int) []byte { return udp(missing, 30001+5*i) }) }},
	{"nested", func(n int) []tc.Route { // chains of prefixes
		return routesOf(n, func(i int) tc.Match {
			return tc.Match{CIDRs: []netip.Prefix{netip.PrefixFrom(host6(i/97), 128-i%97).Masked()}}
		})
	}, func(n int) [][]byte { return spreadOver(n, func(i int) []byte { return udp(host6(i/97), 80) }) }},
	{"crossed", crossed, func(n int) [][]byte { // taken by the last route
		return spreadOver(n, func(i int) []byte { return udp(host(i|1), 99) })
	}},
	{"pairs", func(n int) []tc.Route { // each an address and a port range, so that no product is small
		return routesOf(n, func(i int) tc.Match {
			return tc.Match{CIDRs: only(host(i)), Ports: portsFrom(1+11*i, 60000)}
		})
	}, func(n int) [][]byte { return spreadOver(n, func(i int) []byte { return udp(host(i), 1+11*i) }) }},
}

// crossed alternates routes for one address and all ports, except a few, with
// routes for a port and all addresses, except one: the chunks of both are
// never empty, and only the last route takes the packets.
func crossed(n int) []tc.Route {
	out := routesOf(n, func(i int) tc.Match {
		if i%2 == 0 {
			return tc.Match{CIDRs: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Ports: portsFrom(100+i, 100+i)}
		}
		return tc.Match{CIDRs: only(netip.AddrFrom4([4]byte{11, byte(i >> 8), byte(i), 1})), Ports: portsFrom(99, 99)}
	})
	out[n-1].Match = tc.Match{}
	return out
}
