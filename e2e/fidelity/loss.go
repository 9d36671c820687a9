// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"

	"tcni.dev/e2e/measure"
)

// Streams of packets that the families share.
var (
	single   = udp{count: 20000, rate: 20000}
	offload  = udp{count: 20000, rate: 20000, size: 1200, segments: 32}
	offload6 = udp{count: 20000, rate: 20000, size: 1200, segments: 32, v6: true}
	small    = udp{count: 20000, rate: 20000, size: 600, segments: 2}
	bulk     = stream{bytes: 20 << 20}
	bulk6    = stream{bytes: 20 << 20, v6: true}
)

func lossFamily() Family {
	independent := func(u udp) Measurement { return udpLoss(u, markov{share: 0.01}) }
	long, longOffload := single, offload // few bursts tell little
	long.count, longOffload.count = 3*long.count, 3*offload.count
	bursts := markov{share: 0.01, burst: 10}
	f := Family{Name: "loss", About: "Lost wire packets and the mean length of a burst of losses."}
	f.Cases = []Case{
		{Name: "UDP", Words: "loss 1%", Plain: "loss 1%", Measure: independent(single)},
		{Name: "UDP GSO 32×1200", Words: "loss 1%", Plain: "loss 1%", Measure: independent(offload)},
		{Name: "UDP GSO 32×1200 IPv6", Words: "loss 1%", Plain: "loss 1%", Measure: independent(offload6)},
		{Name: "UDP GSO 2×600", Words: "loss 1%", Plain: "loss 1%", Measure: independent(small), Known: smallFrames},
		{Name: "UDP GSO ingress", Direction: Ingress, Words: "loss 1%", Plain: "loss 1%", Measure: independent(offload)},
		{Name: "TCP", Words: "loss 1%", Plain: "loss 1%", Measure: tcpLoss(bulk, 0.01)},
		{Name: "TCP IPv6", Words: "loss 1%", Plain: "loss 1%", Measure: tcpLoss(bulk6, 0.01)},
		{Name: "TCP ingress", Direction: Ingress, Words: "loss 1%", Plain: "loss 1%", Measure: tcpLoss(bulk, 0.01)},
		{Name: "TCP ingress, forwarded GRO", Direction: Ingress, Words: "loss 0.2%", Plain: "loss 0.2%", Measure: forwarded(tcpLoss(bulk, 0.002))},
		{Name: "ICMP", Words: "loss 5%", Plain: "loss 5%", Measure: echoLoss(0.05, false)},
		{Name: "ICMPv6", Words: "loss 5%", Plain: "loss 5%", Measure: echoLoss(0.05, true)},
		{Name: "UDP GSO in bursts", Words: "loss 1% burst 10", Plain: "loss gemodel 0.1010101% 10%", Measure: udpLoss(longOffload, bursts)},
		{Name: "UDP in bursts", Words: "loss 1% burst 10", Plain: "loss gemodel 0.1010101% 10%", Measure: udpLoss(long, bursts)},
		{Name: "UDP, correlation", Words: "loss 1% 25%", Plain: "loss 1% 25%", Measure: udpLoss(single, markov{share: 0.01, burst: 1 / (0.99 * 0.75)})},
		{Name: "UDP, Gilbert-Elliott", Words: "loss gemodel 1% 10%", Plain: "loss gemodel 1% 10%", Measure: udpLoss(long, markov{share: 1. / 11, burst: 10})},
		{Name: "UDP, 4 states", Words: "loss state 1% 20%", Plain: "loss state 1% 20%", Measure: udpLoss(long, markov{share: 1. / 21, burst: 5})},
		{Name: "UDP GSO, all", Words: "loss 100%", Plain: "loss 100%", Measure: udpLoss(offload, markov{share: 1})},
	}
	for _, place := range []string{"container", "host"} {
		for _, dir := range []Direction{Egress, Ingress} {
			f.Cases = append(f.Cases, Case{Name: "UDP GSO " + string(dir) + ", placement " + place, Direction: dir, Placement: place,
				Words: "loss 1%", Plain: "loss 1%", Measure: independent(offload)})
		}
	}
	return f
}

// smallFrames: two that share one fate also make the share of losses vary more.
var smallFrames = map[string]string{"mean burst": whySmall, "loss": whySmall}

const whySmall = "TBF splits only what is longer than the longest single packet; small segments that together are shorter share one fate"

// markov is a loss model of two states, all lost in the bad one.
type markov struct {
	share float64 // of all packets
	burst float64 // mean number lost in a row; 0: each packet alone
}

// correlation of a packet's fate with the one before: 1−p−r.
func (m markov) correlation() float64 {
	if m.burst == 0 {
		return 0
	}
	r := 1 / m.burst
	return 1 - r - r*m.share/(1-m.share)
}

func (m markov) meanBurst() float64 {
	if m.burst == 0 {
		return 1 / (1 - m.share)
	}
	return m.burst
}

func udpLoss(u udp, m markov) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		u := u
		u.count = max(u.count, int(float64(least(m.share, m.correlation()))/l.Scale)+1)
		res, err := u.packets(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		out := Measured{Readings: []Reading{correlatedShare("loss", m.share, res.Lost, res.Sent, m.correlation())}}
		if m.share < 1 {
			out.Readings = append(out.Readings, count("reordered", 0, res.Reordered, res.Received), burstLength(m.meanBurst(), res))
			out.Series = append(out.Series, distribution("burst length (packets)", lossBursts(res)))
		}
		return out, nil
	}
}

// burstLength is the reading of the mean number of packets lost in a row. Each
// lost packet is the last of its burst with one probability, independently:
// their shares are binomial, and the mean is the probability's inverse.
func burstLength(asked float64, res measure.PacketResult) Reading {
	r := Reading{Metric: "mean burst", Unit: "packets", Asked: asked, From: asked, To: asked, Value: res.MeanLossBurst, N: res.Lost}
	if res.Lost > 0 {
		in := measure.Binomial(res.LossBursts, res.Lost, Confidence)
		r.Low, r.High = 1/in.High, 1/in.Low
	}
	return r
}

// lossBursts lists the lengths of runs of lost packets.
func lossBursts(res measure.PacketResult) (runs []float64) {
	run := 0.0
	for _, d := range append(res.Delays, 0) {
		switch {
		case d < 0:
			run++
		case run > 0:
			runs, run = append(runs, run), 0
		}
	}
	return runs
}

func tcpLoss(s stream, asked float64) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		res, err := s.run(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		return Measured{Readings: []Reading{share("loss", asked, max(res.Sent-res.Received, 0), res.Sent)}}, nil
	}
}

func echoLoss(asked float64, v6 bool) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		res, err := measure.Echo(ctx, l.Container, l.target(v6).Addr(), measure.EchoOptions{Count: l.packets(5000), Interval: 1e6})
		if err != nil {
			return Measured{}, err
		}
		return Measured{Readings: []Reading{share("loss", asked, res.Lost(), res.Sent)}}, nil
	}
}
