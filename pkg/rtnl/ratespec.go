// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"math"

	"tcni.dev/pkg/tc"
)

const ratespecLen = 12

// putRatespec writes a struct tc_ratespec. A rate that its 32 bits of bytes per
// second cannot hold is put as their largest value, and sent in an attribute of
// its own besides (putRate64); the kernel takes the larger of the two
// (psched_ratecfg_precompute in net/sched/sch_generic.c).
func putRatespec(b *buffer, r tc.Rate, overhead, mpu uint16, layer tc.LinkLayer) {
	kernelLayer := uint8(linkLayerEthernet) // 0 would make the kernel look for a rate table
	if layer == tc.LinkATM {
		kernelLayer = linkLayerATM
	}
	b.put8(0, kernelLayer) // cell_log
	b.put16(overhead)
	b.put16(0) // cell_align
	b.put16(mpu)
	b.put32(rate32(r))
}

// rate32 returns the rate in bytes per second, at most what 32 bits hold.
func rate32(r tc.Rate) uint32 { return uint32(min(r.Bytes(), math.MaxUint32)) }

func putRate64(b *buffer, typ uint16, r tc.Rate) {
	if r.Bytes() > math.MaxUint32 {
		b.u64(typ, r.Bytes())
	}
}

// ratespecRate is the inverse: spec begins with a struct tc_ratespec, wide is
// the attribute, if there was one.
func ratespecRate(spec, wide field) tc.Rate { return rateOf(uint64(spec.u32(8)), wide) }

func rateOf(narrow uint64, wide field) tc.Rate {
	return tc.Rate(min(max(narrow, wide.u64(0)), math.MaxInt64/8) * 8)
}
