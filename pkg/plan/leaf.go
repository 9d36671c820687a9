// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"tcni.dev/conf"
	"tcni.dev/pkg/tc"
)

const (
	// segmentMargin is room above the MTU for headers that the device's MTU does
	// not count (Ethernet, VLAN tags), so that no packet is too long for the
	// segmenter that the device would have sent.
	segmentMargin = 40

	// segmentBelow is the rate up to which a packet of 64 KB is split: above it
	// takes half a millisecond, and splitting would cost more than it tells.
	segmentBelow = tc.Gbit

	// unsplit is the burst of a segmenter that splits nothing: more than the
	// longest packet (GSO_MAX_SIZE, 524,280 bytes, include/linux/netdevice.h).
	unsplit = tc.MB

	// atOnce is a rate at which no packet takes a nanosecond. A TBF that knows
	// of a time would wait for ever with a packet longer than its burst, such
	// as netem may still hold when the segmenter begins to split.
	atOnce = 1e6 * tc.Tbit

	// noLimit is the size of a queue that is bounded elsewhere.
	noLimit = 2*tc.GB - 1
)

// leaf returns the qdiscs of a class, from the class down: a segmenter; below
// it netem, if there is anything for it to do; below that the buffer in front
// of the rate, counted in bytes after the delay, as on a path whose bottleneck
// comes last. A class that does nothing has a plain fifo.
//
// Segmenter and buffer are there even where they let everything pass, so that
// one impairment becomes another by changing qdiscs in place: a qdisc that is
// put in or taken out loses what it holds.
func (b *builder) leaf(c class) []tc.Object {
	n, rate := b.netem(c), b.rateOf(c)
	var buffer tc.Spec = tc.FIFO{Bytes: true, Limit: uint32(b.buffer(c, rate))}
	if c.Framing.NetemOnly() {
		buffer = b.slowLink(c)
	}
	switch {
	case n.Impairs():
		return b.chain(c.handle, b.segmenter(b.segments(c, n), n), n, buffer)
	case rate != unlimited:
		// The buffer takes netem's place, and its number: a TBF whose child is
		// taken away drops everything.
		return b.chain(c.handle, b.segmenter(rate <= segmentBelow, buffer), buffer)
	}
	return []tc.Object{b.fifo(c.handle)}
}

// slowLink is a rate that only netem can count, with the buffer in front of it.
// netem counts its queue in packets: it holds as many of the longest as the
// buffer would, or the limit that was asked for where no other netem has that.
func (b *builder) slowLink(c class) tc.Netem {
	n := tc.Netem{Rate: limit(c.Impairment), Overhead: c.Framing.Overhead, CellSize: c.Framing.CellSize, CellOverhead: c.Framing.CellOverhead}
	n.Limit = uint32(max(b.buffer(c, n.Rate)/n.Counts(b.frame()), 1))
	if asked := c.Netem.Limit; asked != 0 && !c.Netem.Impairs() && (asked < n.Limit || c.Buffer == conf.Buffer{}) {
		n.Limit = asked
	}
	return n
}

// leafHandle is the number of a qdisc of the leaf of a class.
func leafHandle(major, minor uint16) tc.Handle { return tc.MakeHandle(major+minor, 0) }

// leafMajors are the numbers of a leaf's qdiscs, from the class down.
var leafMajors = [...]uint16{segmentMajor, netemMajor, bufferMajor}

// chain hangs qdiscs on a class, each below the one before.
func (b *builder) chain(parent tc.Handle, specs ...tc.Spec) []tc.Object {
	var out []tc.Object
	minor := parent.Minor()
	for i, spec := range specs {
		q := tc.Qdisc{Parent: parent, Handle: leafHandle(leafMajors[i], minor), Spec: spec}
		out = append(out, q)
		parent = q.Handle | 1
	}
	return out
}

// fifo is the queue of a class that is never to queue: a virtual device takes
// every packet at once.
func (b *builder) fifo(parent tc.Handle) tc.Object {
	return tc.Qdisc{Parent: parent, Handle: leafHandle(netemMajor, parent.Minor()), Spec: tc.FIFO{Limit: ifbQueueLen}}
}

// segmenter is a TBF that lets everything through at once; if split is true, in
// packets no longer than the device's. At such rates the kernel shows no burst:
// the rate is higher by it, so that a dump tells which it is, and what does not
// split has twice the rate. The limit is that of a fifo below, which a change of
// the TBF gives its own (tbf_change in net/sched/sch_tbf.c).
func (b *builder) segmenter(split bool, below tc.Spec) tc.TBF {
	t := unsplitting
	if split {
		t.Burst = tc.Size(b.site.Device.MTU) + segmentMargin
		t.Rate = atOnce + tc.Rate(t.Burst)*tc.Tbit
	}
	if fifo, ok := below.(tc.FIFO); ok {
		t.Limit = tc.Size(fifo.Limit)
	}
	return t
}

var unsplitting = tc.TBF{Rate: 2 * atOnce, Burst: unsplit, Limit: noLimit}

// segments tells whether what happens to packets must happen to packets of the
// wire: everything but a delay that holds no more than it may.
func (b *builder) segments(c class, n tc.Netem) bool {
	return n.Loss != (tc.Loss{}) || n.Duplicate != 0 || n.Corrupt != 0 || n.Reorder != 0 || n.Gap != 0 ||
		n.Slot.Packets != 0 || n.Slot.Bytes != 0 || c.Framing.NetemOnly() || b.rateOf(c) <= segmentBelow || b.overfills(n)
}

// keepsOrder tells whether a delay must not reorder: the default, unless
// reordering is asked for.
func keepsOrder(i conf.Impairment) bool {
	return i.KeepOrder == conf.OrderKeep || i.KeepOrder == conf.OrderDefault && i.Netem.Reorder == 0
}

// netem is the class's netem, with what the configuration leaves to us.
func (b *builder) netem(c class) tc.Netem {
	n := c.Netem
	if !n.Impairs() {
		return n
	}
	if n.Rate == 0 && keepsOrder(c.Impairment) {
		// With a rate, netem computes each packet's time from the one before
		// (netem_enqueue in net/sched/sch_netem.c); at this one, a packet
		// takes less than a nanosecond. Without jitter it matters too: after a
		// change to a shorter delay, packets would overtake earlier ones.
		n.Rate = tc.MaxRate
	}
	if n.Limit == 0 {
		n.Limit = b.netemLimit(c, n)
	}
	return n
}
