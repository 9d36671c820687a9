// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tcni.dev/e2e/measure"
)

// steady is a summary of 100 equal delays.
func steady(d time.Duration) measure.Summary[time.Duration] {
	return measure.Summary[time.Duration]{N: 100, Min: d, Median: d, P90: d, P99: d, Max: d, Mean: d}
}

// uniform is a summary of delays that are evenly between d-j and d+j.
func uniform(d, j time.Duration) measure.Summary[time.Duration] {
	s := steady(d)
	s.Min, s.P90, s.P99, s.Max = d-j, d+j*8/10, d+j*98/100, d+j
	return s
}

func TestBounds(t *testing.T) {
	shaped := Asked{Delay: 40 * ms, Jitter: 5 * ms, Loss: 0.01, Rate: 20e6}
	good := Direction{
		Delay: uniform(40*ms, 5*ms), Sent: 2000, Lost: 20, Loss: measure.Binomial(20, 2000, confidence),
		UDP: 20e6, TCP: 3e6,
	}
	free := Direction{Delay: steady(ms / 50), Sent: 600, UDP: freeOffer, TCP: 1e9}
	limited := Asked{Rate: 10e6}
	for _, tc := range []struct {
		name   string
		asked  Asked
		got    Direction
		change func(d *Direction)
		want   []string
	}{
		{"as asked", shaped, good, func(d *Direction) {}, nil},
		{"untouched", Asked{}, free, func(d *Direction) {}, nil},
		{"not delayed", shaped, good, func(d *Direction) { d.Delay = uniform(0, 0) }, []string{
			"x: one-way delay, median, is 0 ms, want 37.9 to 44",
			"x: one-way delay, least, is 0 ms, want 34.9 to 40",
			"x: one-way delay, 90th percentile above median, is 0 ms, want 2.5 to 7",
		}},
		{"delayed", Asked{}, free, func(d *Direction) { d.Delay = steady(3 * ms) }, []string{
			"x: one-way delay, median, is 3 ms, want -0.1 to 2",
		}},
		{"too many lost", shaped, good, func(d *Direction) { d.Lost, d.Loss = 100, measure.Binomial(100, 2000, confidence) }, []string{
			"x: loss asked for is 1 % beside what was measured, want 3.313 to 7.163",
		}},
		{"one lost", Asked{}, free, func(d *Direction) { d.Lost = 1 }, []string{"x: loss is 1 packets, want 0 to 0"}},
		{"too fast", limited, free, func(d *Direction) { d.TCP = 11e6 }, []string{
			"x: TCP throughput is 11 Mbit/s, want 8.5 to 10.5",
			"x: UDP throughput is 45 Mbit/s, want 9.7 to 10.3",
		}},
		{"no stream", Asked{}, free, func(d *Direction) { d.TCP = 0 }, []string{"x: TCP throughput is 0 Mbit/s, want 0.01 or more"}},
		{"limited", Asked{}, free, func(d *Direction) { d.UDP = 20e6 }, []string{"x: UDP throughput is 20 Mbit/s, want 43.65 to 46.35"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := tc.got
			tc.change(&d)
			if diff := cmp.Diff(tc.want, failed("x", d.bounds(tc.asked))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPathBounds(t *testing.T) {
	m := Measured{
		Path: Path{Container: "shop", Service: "payments", Egress: Asked{Delay: 20 * ms}, Ingress: Asked{Delay: 60 * ms}},
		RTT:  steady(80 * ms), Egress: Direction{Delay: steady(20 * ms), UDP: freeOffer, TCP: 1e6},
	}
	m.RTT.N = pings
	if got := m.failures(); got != nil {
		t.Error(got)
	}
	m.RTT, m.Ingress = steady(20*ms), &Direction{Delay: steady(60 * ms), UDP: freeOffer, TCP: 1e6, Lost: 2}
	m.RTT.N = pings
	want := []string{
		"shop ⇄ payments: round trip, median, is 20 ms, want 79.9 to 82",
		"shop ← payments: loss is 2 packets, want 0 to 0",
	}
	if diff := cmp.Diff(want, m.failures()); diff != "" {
		t.Error(diff)
	}
}
