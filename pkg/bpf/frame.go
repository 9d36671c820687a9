// SPDX-License-Identifier: Apache-2.0

package bpf

// What a program keeps where.
//
//	r6  the packet's __sk_buff
//	r7  the packet's protocol, plus 256 if it is IPv6
//	r8  source port << 16 | destination port, or noPorts
//	r9  scratch that survives calls
const (
	packetAt = -64 // the start of the packet: at most 44 bytes
	extraAt  = -72 // 8 more bytes from elsewhere in it
	slotHigh = -80 // the remote address, upper and lower half, left aligned
	slotLow  = -88
	slotRoot = -96 // the tree that its look-up begins with
	slotDSCP = -104
	slotKind = -112 // the kinds of the extension header at hand

	noPorts = -1
)

// slotClass is where the class of the dimension with number i is kept, slotRow
// the row of a scan's dimension.
func slotClass(i int) int { return -120 - 8*i }
func slotRow(i int) int   { return slotClass(maxDimensions) - 8*i }

// maxDimensions is one for each property and one for each product but the last.
const maxDimensions = 2 * len(properties)

// labelMiss is where a packet that no route takes ends.
const labelMiss = "miss"

// Members of struct __sk_buff (include/uapi/linux/bpf.h).
const (
	skbLen         = 0
	skbProtocol    = 16 // in network byte order
	skbVLANPresent = 20
	skbWireLen     = 160 // since 4.20: what the qdisc counts, headers of all segments included
	skbGSOSegs     = 164 // since 5.1; 0 for a packet that is one packet
)

// Helpers (include/uapi/linux/bpf.h).
const (
	helperPullData  = 39
	helperLoadBytes = 68 // bpf_skb_load_bytes_relative, since 4.18
	fromNetwork     = 1  // BPF_HDR_START_NET
	pullBytes       = 512
)
