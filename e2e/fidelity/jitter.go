// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"math/rand/v2"
	"slices"

	"tcni.dev/e2e/measure"
	"tcni.dev/pkg/dist"
)

// Every jitter case has this delay and jitter, in ms.
const (
	jitterMean  = 50.
	jitterWidth = 5.
)

func jitterFamily() Family {
	f := Family{Name: "jitter", About: "The distribution of the added delay against the asked one (largest distance D, Kolmogorov-Smirnov), and reordered packets. Order is kept by default; then a packet that would overtake waits for the one before, so that the asked distribution is that of packets further apart than the jitter is wide."}
	flat := uniform(jitterMean-jitterWidth, jitterMean+jitterWidth)
	sparse, sparser := udp{count: 2000, rate: 80}, udp{count: 1000, rate: 20}
	dense := udp{count: 10000, rate: 5000}
	f.Cases = []Case{
		{Name: "uniform, 80 packets/s", Words: "delay 50ms 5ms", Plain: "delay 50ms 5ms", Measure: jitter(sparse, flat, true)},
		{Name: "uniform, 80 packets/s IPv6", Words: "delay 50ms 5ms", Plain: "delay 50ms 5ms", Measure: jitter(udp{count: 2000, rate: 80, v6: true}, flat, true)},
		{Name: "uniform, 80 packets/s ingress", Direction: Ingress, Words: "delay 50ms 5ms", Plain: "delay 50ms 5ms", Measure: jitter(sparse, flat, true)},
	}
	for _, name := range dist.Names() {
		words := "delay 50ms 5ms distribution " + name
		f.Cases = append(f.Cases, Case{Name: name + ", 20 packets/s", Words: words, Plain: words, Measure: jitter(sparser, tableOf(name), true)})
	}
	f.Cases = append(f.Cases,
		Case{Name: "measured, 20 packets/s", Words: samples(), Measure: jitter(sparser, empirical(measured()), true)},
		Case{Name: "uniform, order kept, 5000 packets/s", Words: "delay 50ms 5ms", Plain: "delay 50ms 5ms", Measure: jitter(dense, nil, true)},
		Case{Name: "uniform, order kept, UDP GSO", Words: "delay 50ms 5ms", Plain: "delay 50ms 5ms", Measure: jitter(offload, nil, true)},
		Case{Name: "uniform, order kept, as fast as possible", Words: "delay 50ms 5ms", Plain: "delay 50ms 5ms", Measure: jitter(udp{count: 10000, rate: -1}, nil, true)},
		Case{Name: "normal, order kept, 5000 packets/s", Words: "delay 50ms 5ms distribution normal", Plain: "delay 50ms 5ms distribution normal", Measure: jitter(dense, nil, true)},
		Case{Name: "uniform, order not kept, 5000 packets/s", Words: "delay 50ms 5ms keeporder no", Plain: "delay 50ms 5ms", Measure: jitter(dense, flat, false)},
		Case{Name: "correlation", Words: "delay 50ms 5ms 25%", Plain: "delay 50ms 5ms 25%", Measure: correlated(sparse, 0.25), Known: correlationKnown},
	)
	return f
}

// tableOf is the cumulative function of a distribution that netem has a table of.
func tableOf(name string) func(float64) float64 {
	t, _ := dist.Named(name)
	var values []float64
	for i := 0; i+1 < len(t); i += 2 {
		sample := int16(uint16(t[i]) | uint16(t[i+1])<<8) // a table is in the byte order of this machine
		values = append(values, jitterMean+jitterWidth*float64(sample)/dist.Sigma)
	}
	return empirical(values)
}

// jitter measures the distribution, where cdf is given, and the order.
func jitter(u udp, cdf func(float64) float64, keep bool) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		res, err := u.packets(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		var x []float64
		for _, d := range res.Delays {
			if d >= 0 {
				x = append(x, ms(d-*l.Base.of(false, u.v6)))
			}
		}
		var out Measured
		if cdf != nil {
			out.Readings = append(out.Readings, kolmogorov("distribution", x, cdf))
		} else {
			out.Readings = append(out.Readings, within("mean", "ms", jitterMean, 0, measure.Summarise(x).Mean, len(x)).info())
		}
		order := count("reordered", 0, res.Reordered, res.Received)
		if !keep {
			order = overtaking(res, u.rate)
		}
		out.Readings = append(out.Readings, order, count("lost", 0, res.Lost, res.Sent))
		out.Series = []Series{distribution("added delay (ms)", x)}
		return out, nil
	}
}

// overtaking is the share of reordered packets against that of a simulation
// with the same jitter and independent packets, in 20 runs.
func overtaking(res measure.PacketResult, rate float64) Reading {
	r := rand.New(rand.NewPCG(1, 2))
	var runs []float64
	for range 20 {
		at := make([]float64, res.Sent)
		order := make([]int, res.Sent)
		for i := range at {
			at[i], order[i] = float64(i)*1000/rate+jitterWidth*(2*r.Float64()-1), i
		}
		slices.SortFunc(order, func(a, b int) int {
			if at[a] < at[b] {
				return -1
			}
			return 1
		})
		highest, late := -1, 0
		for _, i := range order {
			if i < highest {
				late++
			}
			highest = max(highest, i)
		}
		runs = append(runs, float64(late)/float64(res.Sent))
	}
	s := measure.Summarise(runs)
	return within("reordered", "%", s.Mean, 0.01+4*s.Stddev, float64(res.Reordered)/float64(res.Sent), res.Received)
}
