// SPDX-License-Identifier: Apache-2.0

package tc

import "math/bits"

// bitTicks is how many ticks a second has, times eight: a token bucket's burst
// is sent as the time that its bytes take at its rate, in 32 bits of ticks of
// 64 ns (PSCHED_SHIFT is 6, include/net/pkt_sched.h).
const bitTicks = 8 * 1e9 / 64

// BurstTicks returns the burst as the kernel counts it: in ticks of 64 ns at
// rate r, rounded down, at most what 32 bits hold (275 s).
func BurstTicks(r Rate, burst Size) uint32 {
	if r <= 0 {
		return 0
	}
	return uint32(min(uint64(burst)*bitTicks/uint64(r), 1<<32-1))
}

// BurstSize is the inverse of BurstTicks, rounded up so that BurstTicks of the
// result is ticks again.
func BurstSize(r Rate, ticks uint32) Size {
	hi, lo := bits.Mul64(uint64(r), uint64(ticks))
	if hi >= bitTicks {
		return MaxSize
	}
	q, rem := bits.Div64(hi, lo, bitTicks)
	if rem != 0 {
		q++
	}
	return Size(min(q, uint64(MaxSize)))
}

// RoundBurst returns the burst that the kernel holds when asked for burst at
// rate r, so that what is planned is what a dump shows.
func RoundBurst(r Rate, burst Size) Size { return BurstSize(r, BurstTicks(r, burst)) }
