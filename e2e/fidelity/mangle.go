// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

func mangleFamily() Family {
	f := Family{Name: "mangle", About: "Duplicated, corrupted, reordered and marked wire packets."}
	const all = "delay 10ms loss 1% duplicate 2% corrupt 3%"
	tapped, tapped1 := offload, single
	tapped.tap, tapped1.tap = true, true
	f.Cases = []Case{
		{Name: "duplication, UDP", Words: "duplicate 1%", Plain: "duplicate 1%", Measure: fates(single, fate{duplicate: 0.01})},
		{Name: "duplication, UDP GSO", Words: "duplicate 1%", Plain: "duplicate 1%", Measure: fates(offload, fate{duplicate: 0.01})},
		{Name: "duplication, UDP GSO IPv6 ingress", Direction: Ingress, Words: "duplicate 1%", Plain: "duplicate 1%", Measure: fates(offload6, fate{duplicate: 0.01})},
		{Name: "duplication, TCP", Words: "duplicate 1%", Plain: "duplicate 1%", Measure: tcpCopies(0.01)},
		{Name: "corruption, UDP", Words: "corrupt 2%", Plain: "corrupt 2%", Measure: fates(tapped1, fate{corrupt: 0.02})},
		{Name: "corruption, UDP GSO", Words: "corrupt 2%", Plain: "corrupt 2%", Measure: fates(tapped, fate{corrupt: 0.02})},
		{Name: "corruption, UDP at the receiver", Words: "corrupt 2%", Plain: "corrupt 2%", Measure: refused(udp{count: 20000, rate: 20000, size: 1200})},
		{Name: "corruption, UDP GSO at the receiver", Words: "corrupt 2%", Plain: "corrupt 2%", Measure: refused(offload)},
		{Name: "corruption, TCP at the receiver", Words: "corrupt 2%", Plain: "corrupt 2%", Measure: tcpCorruption(0.02)},
		{Name: "corruption, UDP GSO at the receiver, ingress", Direction: Ingress, Words: "corrupt 2%", Plain: "corrupt 2%", Measure: refused(offload)},
		{Name: "corruption, UDP GSO at the receiver, ingress, placement container", Direction: Ingress, Placement: "container", Words: "corrupt 2%", Plain: "corrupt 2%", Measure: refused(offload)},
		{Name: "corruption, UDP GSO at the receiver, egress, placement host", Placement: "host", Words: "corrupt 2%", Plain: "corrupt 2%", Measure: refused(offload)},
		{Name: "corruption, TCP at the receiver, forwarded GRO", Direction: Ingress, Words: "corrupt 1%", Plain: "corrupt 1%", Measure: forwarded(tcpCorruption(0.01))},
		{Name: "several at once, UDP GSO", Words: all, Plain: all, Measure: fates(tapped, fate{0.01, 0.02, 0.03})},
		{Name: "reordering", Words: "delay 10ms reorder 25%", Plain: "delay 10ms reorder 25%", Measure: overtakers(single, 0.25)},
		{Name: "reordering, UDP GSO", Words: "delay 10ms reorder 25%", Plain: "delay 10ms reorder 25%", Measure: overtakers(offload, 0.25)},
		{Name: "reordering, every fifth", Words: "delay 10ms reorder 100% gap 5", Plain: "delay 10ms reorder 100% gap 5", Measure: overtakers(single, 0.2)},
		{Name: "marks in place of losses, TCP", Words: "loss 5% ecn", Plain: "loss 5% ecn", Measure: marks(0.05)},
		{Name: "slots of 10 ms", Words: "slot 10ms", Plain: "slot 10ms 10ms", Measure: slots(10)},
	}
	return f
}

// fate is the probability of each.
type fate struct{ loss, duplicate, corrupt float64 }

// fates counts what became of packets. Of a packet that is both lost and
// duplicated one copy remains (netem_enqueue), and each copy may be lost.
func fates(u udp, f fate) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		res, err := u.packets(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		keep := 1 - f.loss
		out := []Reading{
			share("loss", f.loss*(1-f.duplicate)+f.loss*f.loss*f.duplicate, res.Lost, res.Sent),
			share("duplicated", f.duplicate*keep*keep, res.Duplicates, res.Sent),
		}
		if u.tap {
			c := share("corrupted", f.corrupt, res.Corrupted, res.Received+res.Duplicates)
			// A wrong bit in 4 bytes of UDP's header is not seen; the least
			// that a wrong bit may hit is a header of 42 bytes.
			c.From *= 1 - 4./42
			out = append(out, c)
		}
		return Measured{Readings: out}, nil
	}
}

// overtakers counts packets that were not delayed.
func overtakers(u udp, asked float64) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		res, err := u.packets(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		early := 0
		for _, d := range res.Delays {
			if d >= 0 && ms(d) < 7 {
				early++
			}
		}
		return Measured{Readings: []Reading{share("sent at once", asked, early, res.Sent), count("lost", 0, res.Lost, res.Sent)}}, nil
	}
}

// marks counts marks of congestion; nothing that can be marked may be lost.
func marks(asked float64) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		from, to := l.ends()
		for _, ns := range []*lab.NS{from, to} {
			if err := writeSysctl(ns, "net/ipv4/tcp_ecn", "1"); err != nil {
				return Measured{}, err
			}
		}
		before, err := counters(to, "IpExt:InCEPkts")
		if err != nil {
			return Measured{}, err
		}
		res, err := stream{bytes: 4 << 20}.run(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		after, err := counters(to, "IpExt:InCEPkts")
		if err != nil {
			return Measured{}, err
		}
		return Measured{Readings: []Reading{
			share("marked", asked, after-before, res.Sent), within("lost", "packets", 0, 3, float64(res.Sent-res.Received), res.Sent),
		}}, nil
	}
}

// slots judges the time between two slots in which packets arrive, ms.
func slots(distance float64) Measurement {
	const rate = 1970 // no multiple: packets come at any time of a slot
	return func(ctx context.Context, l *Link) (Measured, error) {
		res, err := udp{count: 3000, rate: rate}.packets(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		var between []float64
		begin, last := 0.0, 0.0
		for i, d := range res.Delays {
			at := float64(i)*1000/rate + ms(d)
			if d >= 0 && at-last > distance/2 {
				between = append(between, at-begin)
				begin = at
			}
			last = max(last, at)
		}
		// A slot begins with the first packet that waits for it.
		median := within("median distance", "ms", distance+500./rate, 0.2+distance/100+500./rate, measure.Summarise(between).Median, len(between))
		return Measured{Readings: []Reading{median, count("lost", 0, res.Lost, res.Sent), count("reordered", 0, res.Reordered, res.Received)}}, nil
	}
}
