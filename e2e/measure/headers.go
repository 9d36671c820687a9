// SPDX-License-Identifier: Apache-2.0

package measure

import "encoding/binary"

// headerVote finds headers with a wrong bit among many that ought to be equal: what most of them
// have is right. Fields that legitimately differ are left out: lengths (offload), the IPv4
// identification, and checksums, of which the IPv4 header's is verified instead. A wrong bit in
// UDP's length or checksum (4 bytes of a packet) is thus not seen.
type headerVote struct {
	heads map[string]int
	bad   int
}

func (v *headerVote) add(header []byte) {
	h := []byte(string(header))
	ip := h[ethernetHeader:]
	udp := ip[len(ip)-8:]
	if len(ip) == 28 { // IPv4 and UDP
		if onesSum(ip[:20]) != 0xffff {
			v.bad++
			return
		}
		clear(ip[2:6])
		clear(ip[10:12])
	} else {
		clear(ip[4:6])
	}
	clear(udp[4:8])
	if v.heads == nil {
		v.heads = map[string]int{}
	}
	v.heads[string(h)]++
}

// outliers counts headers that differ from the most frequent one.
func (v *headerVote) outliers() int {
	total, most := 0, 0
	for _, n := range v.heads {
		total += n
		most = max(most, n)
	}
	return v.bad + total - most
}

// onesSum is the one's complement sum of 16-bit words (RFC 1071).
func onesSum(b []byte) uint16 {
	sum := uint32(0)
	for i := 0; i+1 < len(b); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(b[i:]))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return uint16(sum)
}
