// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"fmt"
	"math"
	"time"

	"tcni.dev/e2e/measure"
)

// Confidence of all intervals.
const Confidence = 0.999

// Reading is one measured quantity. Times are in milliseconds, shares 0..1,
// rates in Mbit/s.
type Reading struct {
	Metric string `json:"metric"`
	Unit   string `json:"unit"` // "ms", "%", "Mbit/s", "packets", "D"
	// Asked is what the shape says; values from From to To are right.
	Asked float64 `json:"asked"`
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	// Value was measured; the true value is between Low and High.
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	// N is the number of packets, or of what else was counted, that Value is
	// of. With none, or with fewer than Least, it tells nothing.
	N     int `json:"n"`
	Least int `json:"least,omitempty"`
	// Info marks a reading that is shown and not judged.
	Info bool `json:"info,omitempty"`
	// Shown is why a reading that others are judged by is not, this time.
	Shown string `json:"shown,omitempty"`
	// Known is why a deviation is known and does not fail the run.
	Known string `json:"known,omitempty"`
}

// OK tells whether what was measured can be what was asked for. Where nothing
// was measured, it cannot.
func (r Reading) OK() bool { return r.tells() && r.Low <= r.To && r.High >= r.From }

// tells whether enough was measured to tell right from wrong.
func (r Reading) tells() bool { return r.N >= max(r.Least, 1) }

// Fails tells whether the reading is off and that is not known.
func (r Reading) Fails() bool { return !r.OK() && !r.Info && r.Known == "" }

// info is r without a judgement.
func (r Reading) info() Reading {
	r.Info = true
	return r
}

// share is the reading of a probability that k of n independent trials show.
func share(metric string, asked float64, k, n int) Reading {
	return correlatedShare(metric, asked, k, n, 0)
}

// correlatedShare is share for trials of which each has the correlation rho
// with the one before, as the states of a Markov chain have: n of them tell as
// much as n·(1−rho)/(1+rho) independent ones.
func correlatedShare(metric string, asked float64, k, n int, rho float64) Reading {
	scale := independent(rho)
	in := measure.Binomial(int(math.Round(float64(k)*scale)), int(math.Round(float64(n)*scale)), Confidence)
	value := float64(k) / math.Max(float64(n), 1)
	return Reading{Metric: metric, Unit: "%", Asked: asked, From: asked, To: asked, Value: value, Low: in.Low, High: in.High,
		N: n, Least: least(asked, rho)}
}

// independent is how many independent trials one with a correlation is worth.
func independent(rho float64) float64 { return (1 - rho) / (1 + rho) }

// least is the number of trials from which on none at all lies outside the
// interval of a probability that was asked for: with fewer, an impairment that
// is not there would pass.
func least(asked, rho float64) int {
	if asked <= 0 || asked >= 1 {
		return 1
	}
	return int(math.Ceil((math.Log((1-Confidence)/2)/math.Log1p(-asked) + 0.5) / independent(rho)))
}

// count is the reading of a number of packets that is asked for exactly, of all
// that could have been among them.
func count(metric string, asked, n, of int) Reading {
	a, v := float64(asked), float64(n)
	return Reading{Metric: metric, Unit: "packets", Asked: a, From: a, To: a, Value: v, Low: v, High: v, N: of}
}

// within is the reading of a quantity that may be off by a tolerance, got from
// n packets or samples.
func within(metric, unit string, asked, tolerance, value float64, n int) Reading {
	return Reading{Metric: metric, Unit: unit, Asked: asked, From: asked - tolerance, To: asked + tolerance, Value: value, Low: value, High: value, N: n}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// text prints a value in the reading's unit.
func (r Reading) text(v float64) string {
	switch r.Unit {
	case "%":
		return fmt.Sprintf("%.3g %%", v*100)
	case "packets":
		return fmt.Sprintf("%.4g", v)
	case "D":
		return fmt.Sprintf("D = %.3f", v)
	}
	return fmt.Sprintf("%.4g %s", v, r.Unit)
}

// askedText prints what is right.
func (r Reading) askedText() string {
	switch {
	case r.Unit == "D":
		return "D ≤ " + fmt.Sprintf("%.3f", r.To)
	case r.From == r.To || r.Info:
		return r.text(r.Asked)
	}
	return fmt.Sprintf("%s (%s … %s)", r.text(r.Asked), r.text(r.From), r.text(r.To))
}

// valueText prints what was measured, with its interval.
func (r Reading) valueText() string {
	if !r.tells() {
		return fmt.Sprintf("nothing: %d of %d samples", r.N, max(r.Least, 1))
	}
	if r.Low == r.High {
		return r.text(r.Value)
	}
	return fmt.Sprintf("%s (%s … %s)", r.text(r.Value), r.text(r.Low), r.text(r.High))
}
