// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"net/netip"
	"strconv"
)

// Match says which packets a route takes; an empty field matches all. It speaks
// of the remote end: the destination of a packet that leaves the container, the
// source of one that arrives.
type Match struct {
	CIDRs      []netip.Prefix // remote addresses
	Ports      []PortRange    // remote ports
	LocalPorts []PortRange    // the container's ports
	Protocols  []uint8        // IP protocol numbers; with ports and none given: tcp, udp and sctp
	DSCPs      []uint8        // 0..63
}

// PortRange is First..Last, both included.
type PortRange struct{ First, Last uint16 }

// String prints the port, or the range as "FIRST-LAST".
func (p PortRange) String() string {
	if p.First == p.Last {
		return strconv.Itoa(int(p.First))
	}
	return fmt.Sprintf("%d-%d", p.First, p.Last)
}

// Route sends the packets of a match to a class.
type Route struct {
	Match Match
	Class Handle
}
