// SPDX-License-Identifier: Apache-2.0

package rtnl

import "tcni.dev/pkg/tc"

// decodeNetem reads what netem_dump writes: a struct tc_netem_qopt, then
// attributes. Distributions are not in it; the seed always is, since 6.6, also
// one that the kernel drew itself.
func decodeNetem(opts field) tc.Spec {
	n := tc.Netem{
		Delay: tc.Time(opts.u32(0)) * tick, Jitter: tc.Time(opts.u32(20)) * tick,
		Limit: opts.u32(4), Gap: opts.u32(12), Duplicate: share(opts, 16),
	}
	loss, lossCorr := share(opts, 8), tc.Percent(0)
	attrs := opts.from(netemQoptLen)
	for typ, v := range attrs.attrs() {
		switch typ {
		case netemLatency64:
			n.Delay = tc.Time(v.u64(0))
		case netemJitter64:
			n.Jitter = tc.Time(v.u64(0))
		case netemCorr:
			n.DelayCorr, lossCorr, n.DuplicateCorr = share(v, 0), share(v, 4), share(v, 8)
		case netemReorder:
			n.Reorder, n.ReorderCorr = share(v, 0), share(v, 4)
		case netemCorrupt:
			n.Corrupt, n.CorruptCorr = share(v, 0), share(v, 4)
		case netemRate:
			n.Rate = rateOf(uint64(v.u32(0)), attrs.attr(netemRate64))
			n.Overhead, n.CellSize, n.CellOverhead = v.i32(4), v.u32(8), v.i32(12)
		case netemECN:
			n.ECN = v.u32(0) != 0
		case netemLoss:
			n.Loss = decodeLossModel(v)
		case netemSlot:
			n.Slot = decodeSlot(v)
		case netemSeed:
			n.Seed = tc.Seed{Set: true, Value: v.u64(0)}
		}
	}
	if n.Loss.Model == tc.LossNone && (loss != 0 || lossCorr != 0) {
		n.Loss = tc.Loss{Model: tc.LossRandom, P: [5]tc.Percent{loss, lossCorr}}
	}
	return n
}

func share(f field, at int) tc.Percent { return tc.PercentFromScaled(f.u32(at)) }

func decodeLossModel(f field) tc.Loss {
	if v := f.attr(netemLossGI); v != nil {
		return tc.Loss{Model: tc.LossState, P: [5]tc.Percent{share(v, 0), share(v, 4), share(v, 8), share(v, 16), share(v, 12)}}
	}
	if v := f.attr(netemLossGE); v != nil {
		return tc.Loss{Model: tc.LossGEModel, P: [5]tc.Percent{share(v, 0), share(v, 4), tc.MaxPercent - share(v, 8), share(v, 12)}}
	}
	return tc.Loss{}
}

// decodeSlot leaves delay and jitter out where there are times besides them:
// they say the same (see putSlot).
func decodeSlot(v field) tc.Slot {
	s := tc.Slot{Min: tc.Time(v.u64(0)), Max: tc.Time(v.u64(8)), Packets: v.u32(16), Bytes: v.u32(20)}
	if s.Min == 0 && s.Max == 0 {
		s.Delay, s.Jitter = tc.Time(v.u64(24)), tc.Time(v.u64(32))
	}
	return s
}
