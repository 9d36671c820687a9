// SPDX-License-Identifier: Apache-2.0

package report

import (
	"math"

	"gonum.org/v1/plot"
)

// steps within a decade that an axis may end at, and that have a label.
var steps = []float64{1, 2, 5, 10}

// below returns the last step that is not above v.
func below(v float64) float64 {
	decade, best := decadeOf(v), 0.0
	for _, s := range steps {
		if s*decade <= v*(1+1e-9) {
			best = s * decade
		}
	}
	return best
}

// above returns the first step that is not below v.
func above(v float64) float64 {
	decade := decadeOf(v)
	for _, s := range steps {
		if s*decade >= v*(1-1e-9) {
			return s * decade
		}
	}
	return 10 * decade
}

func decadeOf(v float64) float64 { return math.Pow(10, math.Floor(math.Log10(v))) }

// decades puts a labelled tick at 1, 2 and 5 of every decade.
func decades(label func(float64) string) plot.Ticker {
	return plot.TickerFunc(func(lo, hi float64) []plot.Tick {
		var ticks []plot.Tick
		for d := math.Floor(math.Log10(lo)); d <= math.Ceil(math.Log10(hi)); d++ {
			for _, s := range steps[:3] {
				v := s * math.Pow(10, d)
				if v >= lo*(1-1e-9) && v <= hi*(1+1e-9) {
					ticks = append(ticks, plot.Tick{Value: v, Label: label(v)})
				}
			}
		}
		return ticks
	})
}
