// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/guptarohit/asciigraph"
)

const (
	chartHeight = 5  // steps of 20 ms
	caseWidth   = 20 // columns for each case
)

// chart draws the shop's round trips to both services through all cases, the
// line to payments solid and over it, where they differ, the one to catalogue
// dotted.
func chart(cases []Done) []string {
	var payments, catalogue []float64
	labels := ""
	for i, c := range cases {
		payments = append(payments, thin(c.Trips["payments"], caseWidth)...)
		catalogue = append(catalogue, thin(c.Trips["catalogue"], caseWidth)...)
		labels += fmt.Sprintf("%-*s", caseWidth, fmt.Sprintf("│%d %s", i+1, c.Name))
	}
	text := asciigraph.PlotMany([][]float64{catalogue, payments},
		asciigraph.Height(chartHeight), asciigraph.LowerBound(0), asciigraph.Precision(0),
		asciigraph.SeriesChars(asciigraph.CreateCharSet("·"), asciigraph.DefaultCharSet))
	lines := append([]string{"Round trips of the shop, ms:  ─── payments  ··· catalogue"}, strings.Split(text, "\n")...)
	return append(lines, strings.Repeat(" ", labelWidth(text))+strings.TrimRight(labels, " "))
}

// labelWidth is where the plot begins: after the labels and the axis.
func labelWidth(plot string) int {
	line, _, _ := strings.Cut(plot, "\n")
	for i, r := range []rune(line) {
		if r == '┤' || r == '┼' {
			return i + 1
		}
	}
	return 0
}

// thin takes n of the samples, evenly; where there are fewer, nothing is drawn
// in place of the missing.
func thin(samples []time.Duration, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
		if len(samples) >= n {
			out[i] = inMS(samples[i*len(samples)/n])
		} else if i < len(samples) {
			out[i] = inMS(samples[i])
		}
	}
	return out
}
