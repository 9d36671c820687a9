// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"slices"

	"gonum.org/v1/plot/plotter"
)

// bar is one reading as a part of what was asked: a point with its interval.
type bar struct{ value, low, high float64 }

// forest is a family's judged readings, from the bottom up, and what tcni and
// plain netem have of each. Where most are of nothing at all, such as packets
// lost, they are the numbers and not parts of what was asked.
type forest struct {
	names  []string
	counts bool
	bars   map[string][]bar // by variant; a value below 0 is none
}

func forestOf(f FamilyReport) forest {
	out := forest{bars: map[string][]bar{}}
	judged, none := 0, 0
	for _, c := range f.Cases {
		for _, r := range c.TCNI.Readings {
			if !r.Info && r.Unit != "D" {
				judged++
				if r.Asked == 0 {
					none++
				}
			}
		}
	}
	out.counts = none*4 > judged*3
	for _, c := range slices.Backward(f.Cases) {
		for _, r := range slices.Backward(c.TCNI.Readings) {
			if r.Info || r.Unit == "D" || (r.Asked == 0) != out.counts {
				continue
			}
			out.add(c, r)
		}
	}
	return out
}

// headlineForest has the headlines that are parts of what was asked.
func headlineForest(r *Report) forest {
	out := forest{bars: map[string][]bar{}}
	for _, h := range slices.Backward(headlines) {
		if c, reading := r.find(h.family, h.name, h.words, h.metric); c != nil && reading.Unit != "D" && reading.Asked != 0 {
			out.add(*c, reading)
		}
	}
	return out
}

func (o *forest) add(c CaseReport, r Reading) {
	o.names = append(o.names, shortened(c.Name+" ("+c.Words+")", 70)+": "+r.Metric)
	o.bars[tcni] = append(o.bars[tcni], o.bar(r))
	o.bars[netem] = append(o.bars[netem], o.netem(c, r.Metric))
}

func (o *forest) bar(r Reading) bar {
	if o.counts {
		return bar{r.Value, r.Low, r.High}
	}
	return bar{r.Value / r.Asked, r.Low / r.Asked, r.High / r.Asked}
}

func (o *forest) netem(c CaseReport, metric string) bar {
	if c.Netem != nil {
		for _, r := range c.Netem.Readings {
			if r.Metric == metric && (r.Asked == 0) == o.counts {
				return o.bar(r)
			}
		}
	}
	return bar{value: -1}
}

// most is where the scale ends: what is further out is drawn at its end.
const most = 3

// points are a variant's bars, a little above the line of their name or below.
type points struct {
	plotter.XYs
	errors plotter.XErrors
}

// XError implements plotter.XErrorer.
func (p points) XError(i int) (low, high float64) { return p.errors.XError(i) }

func (o *forest) points(variant string, shift float64) (p points) {
	for i, b := range o.bars[variant] {
		if b.value < 0 {
			continue
		}
		if o.counts { // a logarithm has no zero
			b = bar{b.value + 1, b.value + 1, b.value + 1}
		} else {
			b = bar{min(b.value, most), min(b.low, most), min(b.high, most)}
		}
		p.XYs = append(p.XYs, plotter.XY{X: b.value, Y: float64(i) + shift})
		p.errors = append(p.errors, struct{ Low, High float64 }{b.value - b.low, b.high - b.value})
	}
	return p
}
