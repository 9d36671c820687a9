// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"fmt"
	"math"

	"tcni.dev/pkg/dist"
	"tcni.dev/pkg/tc"
)

const (
	tick           = 64   // nanoseconds, PSCHED_SHIFT in include/net/pkt_sched.h
	netemQoptLen   = 24   // struct tc_netem_qopt
	kernelLimit    = 1000 // packets; what tc(8) sends where nothing is said
	slotMaxDefault = math.MaxInt32
)

// encodeNetem sends everything that a change would otherwise leave as it was
// (netem_change in net/sched/sch_netem.c): correlations, reordering, corruption,
// rate, ECN and slots. The loss model and the seed are the kernel's own again
// where they are not sent.
func encodeNetem(b *buffer, n tc.Netem, verb tc.Verb) error {
	putNetemQopt(b, n)
	b.u64(netemLatency64, uint64(n.Delay))
	b.u64(netemJitter64, uint64(n.Jitter))
	lossCorr := tc.Percent(0)
	if n.Loss.Model == tc.LossRandom {
		lossCorr = n.Loss.P[1]
	}
	putShares(b, netemCorr, n.DelayCorr, lossCorr, n.DuplicateCorr)
	putShares(b, netemReorder, n.Reorder, n.ReorderCorr)
	putShares(b, netemCorrupt, n.Corrupt, n.CorruptCorr)
	putNetemRate(b, n)
	ecn := uint32(0)
	if n.ECN {
		ecn = 1
	}
	b.u32(netemECN, ecn)
	putLossModel(b, n.Loss)
	if n.Seed.Set {
		b.u64(netemSeed, n.Seed.Value)
	}
	if err := putJitterTable(b, n, verb); err != nil {
		return err
	}
	return putSlot(b, n.Slot, verb)
}

// putNetemQopt writes the part that every kernel has. The times in it are
// overruled by the 64-bit ones since 4.15.
func putNetemQopt(b *buffer, n tc.Netem) {
	limit, gap, loss := n.Limit, n.Gap, tc.Percent(0)
	if limit == 0 {
		limit = kernelLimit
	}
	if gap == 0 && n.Reorder != 0 { // without a gap nothing is reordered; tc(8) sends 1 too
		gap = 1
	}
	if n.Loss.Model == tc.LossRandom {
		loss = n.Loss.P[0]
	}
	b.put32(ticks(n.Delay))
	b.put32(limit)
	b.put32(loss.Scaled())
	b.put32(gap)
	b.put32(n.Duplicate.Scaled())
	b.put32(ticks(n.Jitter))
}

func ticks(t tc.Time) uint32 { return uint32(min(uint64(t)/tick, math.MaxUint32)) }

func putShares(b *buffer, typ uint16, shares ...tc.Percent) {
	at := b.open(typ)
	for _, s := range shares {
		b.put32(s.Scaled())
	}
	b.close(at)
}

func putNetemRate(b *buffer, n tc.Netem) {
	at := b.open(netemRate) // struct tc_netem_rate
	b.put32(rate32(n.Rate))
	b.put32(uint32(n.Overhead))
	b.put32(n.CellSize)
	b.put32(uint32(n.CellOverhead))
	b.close(at)
	putRate64(b, netemRate64, n.Rate)
}

// putLossModel writes the models that have a state. The kernel's parameters are
// tc-netem(8)'s in another order; its h is what 1-h leaves of 100 %.
func putLossModel(b *buffer, l tc.Loss) {
	if l.Model != tc.LossState && l.Model != tc.LossGEModel {
		return
	}
	at := b.open(netemLoss)
	if l.Model == tc.LossState { // struct tc_netem_gimodel
		putShares(b, netemLossGI, l.P[0], l.P[1], l.P[2], l.P[4], l.P[3])
	} else { // struct tc_netem_gemodel
		putShares(b, netemLossGE, l.P[0], l.P[1], tc.MaxPercent-l.P[2], l.P[3])
	}
	b.close(at)
}

// putJitterTable sends the table of the jitter. A table cannot be taken away
// again: a change to a uniform jitter sends a uniform table, because there may
// have been another one, which no dump would tell.
func putJitterTable(b *buffer, n tc.Netem, verb tc.Verb) error {
	if n.Jitter == 0 {
		return nil
	}
	return putTable(b, netemDelayDist, n.Distribution, verb)
}

func putTable(b *buffer, typ uint16, d tc.Distribution, verb tc.Verb) error {
	table := d.Table
	switch {
	case table != "":
	case d.Name != "":
		var ok bool
		if table, ok = dist.Named(d.Name); !ok {
			return fmt.Errorf("distribution %s: has no table", d.Name)
		}
	case verb == tc.Add:
		return nil
	default:
		table = dist.Uniform()
	}
	if n := len(table) / 2; n > dist.MaxSamples || len(table)%2 != 0 {
		return fmt.Errorf("distribution %s: table of %d bytes, want 2..%d, 2 each sample", d.Name, len(table), 2*dist.MaxSamples)
	}
	b.bytes(typ, string(table))
	return nil
}

// putSlot writes a struct tc_netem_slot. Where a table of slots was set once,
// the kernel no longer looks at the shortest and the longest time
// (get_slot_next); on a change they are sent in the table's terms as well.
func putSlot(b *buffer, s tc.Slot, verb tc.Verb) error {
	delay, jitter := s.Delay, s.Jitter
	table := s.Distribution != (tc.Distribution{})
	if !table {
		delay, jitter = 0, 0
		if verb == tc.Change && s.Max != 0 {
			delay, jitter, table = (s.Min+s.Max)/2, (s.Max-s.Min)/2, true
		}
	}
	at := b.open(netemSlot)
	b.put64(uint64(s.Min))
	b.put64(uint64(s.Max))
	b.put32(min(s.Packets, slotMaxDefault))
	b.put32(min(s.Bytes, slotMaxDefault))
	b.put64(uint64(delay))
	b.put64(uint64(jitter))
	b.close(at)
	if !table {
		return nil
	}
	return putTable(b, netemSlotDist, s.Distribution, verb)
}
