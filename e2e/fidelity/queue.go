// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"slices"
	"time"
)

func queueFamily() Family {
	const slow = "rate 10mbit buffer "
	f := Family{Name: "queue", About: "The delay that a full buffer adds, and packets lost by queues that ought to hold them."}
	f.Cases = []Case{
		{Name: "buffer of 100 ms", Words: slow + "100ms", Plain: "rate 10mbit", Measure: bloat(10, 100)},
		{Name: "buffer of 500 ms", Words: slow + "500ms", Plain: "rate 10mbit", Measure: bloat(10, 500)},
		{Name: "buffer of 64 KB", Words: slow + "64kb", Plain: "rate 10mbit", Measure: bloat(10, 64*1024*8/1e4)},
		{Name: "buffer of 100 ms, UDP GSO ingress", Direction: Ingress, Words: slow + "100ms", Plain: "rate 10mbit", Measure: bloat(10, 100)},
		{Name: "buffer of 100 ms before a delay of 50 ms", Words: slow + "100ms delay 50ms", Plain: "rate 10mbit delay 50ms", Measure: bloat(10, 150)},
		{Name: "buffer of 100 ms before losses", Words: slow + "100ms loss 0.0001%", Plain: "rate 10mbit loss 0.0001%", Measure: bloat(10, 100)},
		{Name: "3000 packets at once", Words: "delay 100ms", Plain: "delay 100ms", Measure: nothingLost(udp{count: 3000, rate: -1})},
		{Name: "3000 packets at once, jitter", Words: "delay 100ms 20ms", Plain: "delay 100ms 20ms", Measure: nothingLost(udp{count: 3000, rate: -1})},
		{Name: "UDP GSO, 250 Mbit/s for a second", Words: "delay 100ms", Plain: "delay 100ms", Measure: nothingLost(udp{count: 25000, rate: 25000, size: 1200, segments: 32})},
		{Name: "9 of 10 Mbit/s for 5 s", Words: "rate 10mbit delay 200ms 20ms", Plain: "rate 10mbit delay 200ms 20ms", Measure: nothingLost(udp{count: 5400, rate: 1080, size: 1000})},
		{Name: "64 KB at once before 100 Mbit/s", Words: "rate 100mbit", Plain: "rate 100mbit", Measure: nothingLost(udp{count: 640, rate: 640, size: 1000, segments: 64})},
		{Name: "64 KB at once before 1 Mbit/s", Words: "rate 1mbit", Plain: "rate 1mbit", Measure: nothingLost(udp{count: 60, rate: -1, size: 1000, segments: 60})},
	}
	return f
}

// bloat sends twice the rate for long enough to fill the buffer: the worst
// delay is what the buffer takes to drain. A frame more or less is right, and
// the burst that the rate lets pass.
func bloat(mbit, asked float64) Measurement {
	const payload, frame = 1000, 1042
	return func(ctx context.Context, l *Link) (Measured, error) {
		pps := 2 * mbit * 1e6 / 8 / frame
		u := udp{rate: pps, size: payload, segments: 4, linger: 5 * time.Second}
		u.count = int(pps * 4 * asked / 1000 / l.Scale)
		res, err := u.packets(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		var x []float64
		for _, d := range res.Delays {
			if d >= 0 {
				x = append(x, ms(d-l.Base.UDP4))
			}
		}
		tolerance := (frame + defaultBurst) * 8 / (mbit * 1e3)
		return Measured{
			Readings: []Reading{within("worst delay", "ms", asked, tolerance, slices.Max(append(x, 0)), len(x))},
			Series:   []Series{distribution("delay (ms)", x)},
		}, nil
	}
}

func nothingLost(u udp) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		u := u
		u.count = int(float64(u.count) / l.Scale) // the burst is the point
		res, err := u.packets(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		return Measured{Readings: []Reading{count("lost", 0, res.Lost, res.Sent), count("reordered", 0, res.Reordered, res.Received)}}, nil
	}
}
