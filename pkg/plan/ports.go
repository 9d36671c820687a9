// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"math/bits"

	"tcni.dev/pkg/tc"
)

// masked is a value under a mask, how u32 sees a port.
type masked struct{ value, mask uint16 }

// anyPort matches every port.
var anyPort = []masked{{}}

// portMasks covers port ranges with the fewest masked values: each a block
// whose size is a power of two and divides its first port. No range is any
// port.
func portMasks(ranges []tc.PortRange) []masked {
	if len(ranges) == 0 {
		return anyPort
	}
	var out []masked
	for _, r := range ranges {
		for first, last := uint32(r.First), uint32(r.Last); first <= last; {
			size := blockSize(first, last)
			out = append(out, masked{uint16(first), ^uint16(size - 1)})
			first += size
		}
	}
	return out
}

// blockSize is the largest aligned block that begins at first and ends no later
// than last.
func blockSize(first, last uint32) uint32 {
	size := uint32(1) << 16
	if first != 0 {
		size = 1 << bits.TrailingZeros32(first)
	}
	for size > last-first+1 {
		size >>= 1
	}
	return size
}
