// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"net/netip"

	"tcni.dev/pkg/tc"
)

// firstHopNodes matches what of ICMPv6 concerns the first hop alone: router and
// neighbour solicitation and advertisement and redirect, the types 133..137
// (RFC 4861), as blocks under a mask; and multicast listeners' queries and
// reports, which alone come behind a hop-by-hop header with a router alert
// (RFC 3810, section 5). The kernel sends reports at times that it draws: in a
// netem they would take random numbers that a seed was to make the same.
func firstHopNodes() []tc.U32Node {
	alert := keys{}.with(4, protoHopByHop<<8, 0xff<<8).
		with(ipv6Header, protoICMPv6<<24|routerAlert, 0xffffffff).with(ipv6Header+4, alertMLD<<16, 0xffff<<16)
	var all []keys
	for _, m := range []struct{ value, mask uint32 }{{133, 0xff}, {134, 0xfe}, {136, 0xfe}} {
		all = append(all, keys{}.with(4, protoICMPv6<<8, 0xff<<8).with(ipv6Header, m.value<<24, m.mask<<24))
	}
	var out []tc.U32Node
	for _, k := range append(all, alert) {
		out = append(out, tc.U32Node{Keys: k.list(), FlowID: Unshaped})
	}
	return out
}

// The router alert of a hop-by-hop header (RFC 2711): its option of 2 bytes in a
// header of 8, and what it alerts to.
const (
	routerAlert = 0x0502
	alertMLD    = 0
)

// exemptRoutes lets the node's own traffic pass.
func exemptRoutes(addrs []netip.Addr) []tc.Route {
	var cidrs []netip.Prefix
	for _, a := range addrs {
		cidrs = append(cidrs, netip.PrefixFrom(a, a.BitLen()))
	}
	if len(cidrs) == 0 {
		return nil
	}
	return []tc.Route{{Match: tc.Match{CIDRs: cidrs}, Class: Unshaped}}
}
