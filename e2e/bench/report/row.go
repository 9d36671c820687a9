// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
)

// Row is one thing that was measured.
type Row struct {
	ID      string    `json:"id"`
	Label   string    `json:"label"`
	Unit    Unit      `json:"unit"`
	Samples []float64 `json:"samples,omitempty"` // in the unit's base: seconds, bytes
	// CPU is the processor time of each sample in seconds, where that was asked for.
	CPU    []float64 `json:"cpu,omitempty"`
	Ratios []Ratio   `json:"ratios,omitempty"`
	// Max is the target of the median itself; 0: none.
	Max  float64 `json:"max,omitempty"`
	Note string  `json:"note,omitempty"`
	// Problem says why there are no samples.
	Problem string `json:"problem,omitempty"`
	Point   *Point `json:"point,omitempty"`
}

// Ratio compares a row's median with another row's.
type Ratio struct {
	Of   string  `json:"of"`            // the other row's ID
	Name string  `json:"name"`          // what the table calls it
	Max  float64 `json:"max,omitempty"` // target; 0: none
}

// Point places a row in the plot.
type Point struct {
	Panel  string `json:"panel"`
	Series string `json:"series"`
	Rules  int    `json:"rules,omitempty"` // 0: a level that does not depend on rules
}

// Add appends a sample.
func (r *Row) Add(v float64) { r.Samples = append(r.Samples, v) }

// Median of the samples; 0 where there are none.
func (r *Row) Median() float64 { return Median(r.Samples) }

// Min is the smallest sample; 0 where there are none.
func (r *Row) Min() float64 {
	if len(r.Samples) == 0 {
		return 0
	}
	return slices.Min(r.Samples)
}

// Median returns the middle value, or the mean of the two in the middle; 0
// where there are none.
func Median(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	n := len(s)
	switch {
	case n == 0:
		return 0
	case n%2 == 1:
		return s[n/2]
	}
	return (s[n/2-1] + s[n/2]) / 2
}

// Verdict is how a target was met.
type Verdict string

// A target is open where one of its rows has no samples.
const (
	Met    Verdict = "met"
	Missed Verdict = "missed"
	Open   Verdict = "not measured"
)

// Target is a bound and what became of it.
type Target struct {
	Row     string  `json:"row"`
	Of      string  `json:"of,omitempty"` // the reference's name; empty: the median itself
	Max     float64 `json:"max"`
	Value   float64 `json:"value"`
	Verdict Verdict `json:"verdict"`
	unit    Unit
}

func (t Target) judge(measured bool) Target {
	switch {
	case !measured:
		t.Verdict = Open
	case t.Value <= t.Max:
		t.Verdict = Met
	default:
		t.Verdict = Missed
	}
	return t
}

// String reads "≤ 0.75 × bandwidth met".
func (t Target) String() string {
	if t.Of == "" {
		return fmt.Sprintf("≤ %s %s", t.unit.short(t.Max), t.Verdict)
	}
	return fmt.Sprintf("≤ %.4g × %s %s", t.Max, t.Of, t.Verdict)
}
