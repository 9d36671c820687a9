// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"math"

	"tcni.dev/pkg/tc"
)

// encodeTBF sends the burst in bytes too (TCA_TBF_BURST, since 3.13). It is the
// longest packet that passes unsplit, and at high rates its time rounds to no
// tick at all.
func encodeTBF(b *buffer, t tc.TBF) {
	at := b.open(tbfParms) // struct tc_tbf_qopt
	putRatespec(b, t.Rate, 0, 0, tc.LinkEthernet)
	putRatespec(b, 0, 0, 0, tc.LinkEthernet) // no peak rate
	b.put32(uint32(min(t.Limit, math.MaxUint32)))
	b.put32(tc.BurstTicks(t.Rate, t.Burst))
	b.put32(0) // mtu: of the peak rate
	b.close(at)
	putRate64(b, tbfRate64, t.Rate)
	b.u32(tbfBurst, tbfBytes(t.Rate, t.Burst))
}

// tbfBytes is the burst to ask for so that a dump shows the burst that is
// wanted: the kernel makes a time of the bytes with a rounded inverse of the
// rate, and may come out just below a tick (psched_ratecfg_precompute and
// psched_l2t_ns). Where a byte takes less than a tick, some more are asked for.
func tbfBytes(r tc.Rate, burst tc.Size) uint32 {
	bytes := uint64(min(burst, math.MaxUint32))
	want := tc.RoundBurst(r, burst)
	mult, shift := inverse(r.Bytes())
	for more := range uint64(100) {
		got := min((bytes+more)*mult>>shift/tick, math.MaxUint32)
		if bytes+more <= math.MaxUint32 && tc.BurstSize(r, uint32(got)) == want {
			return uint32(bytes + more)
		}
	}
	return uint32(bytes)
}

// inverse returns how the kernel holds nanoseconds a byte: mult/2^shift, with 32
// significant bits.
func inverse(bytesPerSecond uint64) (mult uint64, shift uint) {
	if bytesPerSecond == 0 {
		return 1, 0
	}
	for factor := uint64(1e9); ; factor <<= 1 {
		mult = factor / bytesPerSecond
		if mult&(1<<31) != 0 || factor&(1<<63) != 0 {
			return mult, shift
		}
		shift++
	}
}

// decodeTBF cannot tell a burst that takes less than a tick, 64 ns: it is 0.
func decodeTBF(opts field) tc.Spec {
	p := opts.attr(tbfParms)
	t := tc.TBF{Rate: ratespecRate(p, opts.attr(tbfRate64)), Limit: tc.Size(p.u32(2 * ratespecLen))}
	t.Burst = tc.BurstSize(t.Rate, p.u32(2*ratespecLen+4))
	return t
}
