// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/plotter"
)

func TestPlot(t *testing.T) {
	var b bytes.Buffer
	if err := sample().Plot(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg", "no qdisc", "u32", "rules", "</svg>"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the image has no %q", want)
		}
	}
	if err := (&Report{}).Plot(&b); !errors.Is(err, errNoPoints) {
		t.Errorf("an empty report: %v", err)
	}
}

func TestPanels(t *testing.T) {
	got := map[string]plotter.XYs{}
	panels := sample().panels()
	for _, s := range panels[0].series {
		got[s.name] = s.points
	}
	// A level reaches from the fewest rules to the most that were measured.
	want := map[string]plotter.XYs{
		"no qdisc": {{X: 10, Y: 800e-9}, {X: 1000, Y: 800e-9}},
		"u32":      {{X: 10, Y: 900e-9}, {X: 1000, Y: 5600e-9}},
	}
	if d := cmp.Diff(want, got); d != "" || len(panels) != 1 {
		t.Error(d)
	}
}

// TestLevelsOnly draws a panel whose classifiers could not be measured.
func TestLevelsOnly(t *testing.T) {
	r := sample()
	r.Groups[1].Rows = r.Groups[1].Rows[:1]
	if err := r.Plot(new(bytes.Buffer)); err != nil {
		t.Error(err)
	}
}

func TestTicks(t *testing.T) {
	for _, tc := range []struct{ v, below, above float64 }{
		{1, 1, 1}, {1.5, 1, 2}, {3, 2, 5}, {7, 5, 10}, {5000, 5000, 5000}, {6e-7, 5e-7, 1e-6},
	} {
		near := func(a, b float64) bool { return a/b > 1-1e-9 && a/b < 1+1e-9 }
		if !near(below(tc.v), tc.below) || !near(above(tc.v), tc.above) {
			t.Errorf("%v: below %v, above %v", tc.v, below(tc.v), above(tc.v))
		}
	}
	var labels []string
	for _, tick := range decades(Seconds.short).Ticks(5e-3, 5e-2) {
		labels = append(labels, tick.Label)
	}
	if d := cmp.Diff([]string{"5 ms", "10 ms", "20 ms", "50 ms"}, labels); d != "" {
		t.Error(d)
	}
}
