// SPDX-License-Identifier: Apache-2.0

package model

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"

	"tcni.dev/pkg/tc"
)

// Routes returns n routes of every kind. Their values come from small ranges,
// so that they overlap and nest.
func Routes(r *rand.Rand, n int) []tc.Route {
	var out []tc.Route
	for i := range n {
		out = append(out, tc.Route{Match: match(r), Class: tc.MakeHandle(1, uint16(1+i))})
	}
	return out
}

func match(r *rand.Rand) tc.Match {
	var m tc.Match
	if r.IntN(4) > 0 {
		m.CIDRs = some(r, 3, prefix)
	}
	if r.IntN(3) == 0 {
		m.Ports = some(r, 3, portRange)
	}
	if r.IntN(6) == 0 {
		m.LocalPorts = some(r, 2, portRange)
	}
	if r.IntN(4) == 0 {
		m.Protocols = some(r, 3, protocol)
	}
	if r.IntN(6) == 0 {
		m.DSCPs = some(r, 3, func(r *rand.Rand) uint8 { return uint8(r.IntN(64)) })
	}
	return m
}

// some returns one to n values.
func some[T any](r *rand.Rand, n int, one func(*rand.Rand) T) (out []T) {
	for range 1 + r.IntN(n) {
		out = append(out, one(r))
	}
	return out
}

// address returns one of addresses that share prefixes of every length.
func address(r *rand.Rand) netip.Addr {
	b := [16]byte{0x20, 0x01, 0x0d, 0xb8}
	for range r.IntN(4) {
		bit := 32 + r.IntN(96)
		b[bit/8] ^= 0x80 >> (bit % 8)
	}
	switch r.IntN(16) {
	case 0:
		return netip.IPv6Unspecified()
	case 1: // all ones
		var ones [16]byte
		binary.BigEndian.PutUint64(ones[:], ^uint64(0))
		binary.BigEndian.PutUint64(ones[8:], ^uint64(0))
		return netip.AddrFrom16(ones)
	case 2:
		return netip.AddrFrom4([4]byte{255, 255, 255, byte(254 + r.IntN(2))})
	case 3:
		return netip.IPv4Unspecified()
	}
	if r.IntN(2) == 0 {
		return netip.AddrFrom16(b)
	}
	return netip.AddrFrom4([4]byte{10, b[4] ^ b[8], b[5] ^ b[9], b[6] ^ b[15]})
}

func prefix(r *rand.Rand) netip.Prefix {
	a := address(r)
	bits := a.BitLen()
	if r.IntN(2) == 0 {
		bits = r.IntN(bits + 1)
	}
	return netip.PrefixFrom(a, bits).Masked()
}

var somePorts = []uint16{0, 1, 53, 63, 64, 80, 443, 8080, 32768, 65534, 65535}

func port(r *rand.Rand) uint16 {
	if r.IntN(4) == 0 {
		return uint16(r.Uint32())
	}
	return somePorts[r.IntN(len(somePorts))]
}

func portRange(r *rand.Rand) tc.PortRange {
	a, b := port(r), port(r)
	if r.IntN(2) == 0 {
		b = a
	}
	return tc.PortRange{First: min(a, b), Last: max(a, b)}
}

var someProtocols = []uint8{icmp, tcp, udp, dccp, icmpv6, sctp, udpLite, 47, 50, hopByHop, fragment, ah, destination, 59}

func protocol(r *rand.Rand) uint8 {
	switch r.IntN(4) {
	case 0:
		return uint8(r.UintN(256))
	case 1:
		return someProtocols[r.IntN(len(someProtocols))]
	}
	return [...]uint8{tcp, udp, sctp}[r.IntN(3)]
}
