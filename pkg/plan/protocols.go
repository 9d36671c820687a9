// SPDX-License-Identifier: Apache-2.0

package plan

// IP protocol numbers (IANA, Assigned Internet Protocol Numbers).
const (
	protoHopByHop = 0
	protoICMP     = 1
	protoTCP      = 6
	protoUDP      = 17
	protoDCCP     = 33
	protoICMPv6   = 58
	protoSCTP     = 132
	protoUDPLite  = 136

	ipv6Header = 40 // bytes
)

// portProtocols begin with the source and the destination port.
var portProtocols = []uint8{protoTCP, protoUDP, protoSCTP, protoDCCP, protoUDPLite}
