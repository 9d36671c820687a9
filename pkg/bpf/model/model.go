// SPDX-License-Identifier: Apache-2.0

package model

import (
	"net/netip"
	"slices"

	"tcni.dev/pkg/tc"
)

// Packet is what matches see of an IPv4 or IPv6 packet.
type Packet struct {
	Source, Destination         netip.Addr
	Protocol                    uint8
	DSCP                        uint8
	HasPorts                    bool
	SourcePort, DestinationPort uint16
}

// First returns the index of the first route that takes p, or -1.
func First(routes []tc.Route, egress bool, p Packet) int {
	return slices.IndexFunc(routes, func(r tc.Route) bool { return Takes(r.Match, egress, p) })
}

// Takes tells whether m matches p.
func Takes(m tc.Match, egress bool, p Packet) bool {
	remote, remotePort, localPort := p.Source, p.SourcePort, p.DestinationPort
	if egress {
		remote, remotePort, localPort = p.Destination, p.DestinationPort, p.SourcePort
	}
	return inPrefixes(m.CIDRs, remote) &&
		inPorts(m.Ports, p.HasPorts, remotePort) &&
		inPorts(m.LocalPorts, p.HasPorts, localPort) &&
		inProtocols(m, remote.Is4(), p.Protocol) &&
		(len(m.DSCPs) == 0 || slices.Contains(m.DSCPs, p.DSCP))
}

func inPrefixes(list []netip.Prefix, a netip.Addr) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(p netip.Prefix) bool {
		if p.Addr().Is4In6() { // netip takes 4-in-6 for IPv6 in a packet, but not in a prefix
			return a.Is6() && samePrefix(p.Addr().As16(), a.As16(), p.Bits())
		}
		return p.Contains(a)
	})
}

func samePrefix(a, b [16]byte, bits int) bool {
	for i := range bits {
		if mask := byte(0x80) >> (i % 8); a[i/8]&mask != b[i/8]&mask {
			return false
		}
	}
	return true
}

func inPorts(list []tc.PortRange, has bool, port uint16) bool {
	return len(list) == 0 || has && slices.ContainsFunc(list, func(r tc.PortRange) bool {
		return r.First <= port && port <= r.Last
	})
}

func inProtocols(m tc.Match, ipv4 bool, protocol uint8) bool {
	list := m.Protocols
	if len(list) == 0 {
		if len(m.Ports)+len(m.LocalPorts) == 0 {
			return true
		}
		list = []uint8{tcp, udp, sctp}
	}
	if ipv4 && protocol == icmpv6 || !ipv4 && protocol == icmp {
		return false
	}
	return slices.Contains(list, protocol)
}
