// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"math"
	"time"

	"tcni.dev/e2e/measure"
)

const (
	// confidence of the interval that the asked loss must be in: one run in a
	// few thousand fails by chance.
	confidence = 0.9999

	// early is how much less than asked a delay may be: the reading of a clock.
	early = 100 * time.Microsecond
	// late is how much more: a process that waits for its turn on a busy machine.
	late = 2 * ms

	rateError = 0.03
	// Shares of a rate that one connection may make of it. More than all, for a
	// moment: what waited for a lost packet is delivered with it.
	tcpLeast, tcpMost = 0.85, 1.05
	// alive is what TCP must reach on any path, in Mbit/s.
	alive = 0.01
)

// bound is a measured value, and where it must be.
type bound struct {
	what           string
	got, low, high float64
	unit           string
}

func (b bound) holds() bool { return b.low <= b.got && b.got <= b.high }

// String says what is wrong.
func (b bound) String() string {
	if math.IsInf(b.high, 1) {
		return fmt.Sprintf("%s is %.4g %s, want %.4g or more", b.what, b.got, b.unit, b.low)
	}
	return fmt.Sprintf("%s is %.4g %s, want %.4g to %.4g", b.what, b.got, b.unit, b.low, b.high)
}

// bounds of a path's round trip.
func (m Measured) bounds() []bound {
	asked := m.Path.Egress.Delay + m.Path.Ingress.Delay
	jitter := m.Path.Egress.Jitter + m.Path.Ingress.Jitter
	return []bound{
		{"count of replies", float64(m.RTT.N), pings / 2, pings, "pings"},
		medianBound("round trip", m.RTT, asked, jitter),
	}
}

// medianBound allows for the error of the median of n uniform values, which has
// a standard deviation of jitter/√n.
func medianBound(what string, s measure.Summary[time.Duration], asked, jitter time.Duration) bound {
	chance := 4 * inMS(jitter) / math.Sqrt(float64(max(s.N, 1)))
	return bound{
		what + ", median,", inMS(s.Median),
		inMS(asked-early) - chance, inMS(asked+late) + chance, "ms",
	}
}

// bounds of one direction.
func (d Direction) bounds(asked Asked) []bound {
	bs := []bound{medianBound("one-way delay", d.Delay, asked.Delay, asked.Jitter)}
	if asked.Jitter > 0 {
		// Nine tenths of a uniform jitter are 0.8 of it above the median.
		spread := inMS(asked.Jitter)
		bs = append(bs,
			bound{"one-way delay, least,", inMS(d.Delay.Min), inMS(asked.Delay - asked.Jitter - early), inMS(asked.Delay), "ms"},
			bound{"one-way delay, 90th percentile above median,", inMS(d.Delay.P90 - d.Delay.Median), 0.5 * spread, spread + inMS(late), "ms"})
	}
	rate := asked.Rate / 1e6
	if rate == 0 {
		rate = freeOffer * (1 - asked.Loss) / 1e6
	}
	return append(bs, d.lossBound(asked), d.tcpBound(asked),
		bound{"UDP throughput", d.UDP / 1e6, (1 - rateError) * rate, (1 + rateError) * rate, "Mbit/s"})
}

func (d Direction) lossBound(asked Asked) bound {
	if asked.Loss == 0 {
		return bound{"loss", float64(d.Lost), 0, 0, "packets"}
	}
	// Turned round: asked is what is in or out of the measured interval.
	return bound{"loss asked for", 100 * asked.Loss, 100 * d.Loss.Low, 100 * d.Loss.High, "% beside what was measured"}
}

// tcpBound takes into account that TCP slows down where packets are lost, and
// takes its time on a long path.
func (d Direction) tcpBound(asked Asked) bound {
	b := bound{"TCP throughput", d.TCP / 1e6, alive, math.Inf(1), "Mbit/s"}
	if asked.Rate > 0 {
		b.high = tcpMost * asked.Rate / 1e6
	}
	if asked.Rate > 0 && asked.Loss == 0 {
		b.low = tcpLeast * asked.Rate / 1e6
	}
	return b
}

// failures of a path, each a line.
func (m Measured) failures() []string {
	out := failed(m.Container+" ⇄ "+m.Service, m.bounds())
	out = append(out, failed(m.Container+" → "+m.Service, m.Egress.bounds(m.Path.Egress))...)
	if m.Ingress != nil {
		out = append(out, failed(m.Container+" ← "+m.Service, m.Ingress.bounds(m.Path.Ingress))...)
	}
	return out
}

func failed(where string, bs []bound) []string {
	var out []string
	for _, b := range bs {
		if !b.holds() {
			out = append(out, where+": "+b.String())
		}
	}
	return out
}

func inMS(d time.Duration) float64 { return float64(d) / float64(ms) }
