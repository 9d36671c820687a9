// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tcni.dev/e2e/measure"
)

// TestNothing shows that a run without traffic, or with too little to notice
// that an impairment is not there, is not as asked, whatever its numbers say.
func TestNothing(t *testing.T) {
	nan := math.NaN()
	for name, r := range map[string]Reading{
		"share":                              share("", 0.01, 0, 0),
		"share that is to be 0":              share("", 0, 0, 0),
		"share that is to be all":            share("", 1, 0, 0),
		"share of too few":                   share("", 0.01, 0, 700),
		"correlated share of too few":        correlatedShare("", 0.01, 0, 6000, 0.9),
		"count":                              count("", 0, 0, 0),
		"within":                             within("", "ms", 0, 0.2, 0, 0),
		"within, not a number":               within("", "ms", 0, 0.2, nan, 300),
		"distribution":                       kolmogorov("", nil, uniform(0, 1)),
		"distribution of too few":            kolmogorov("", []float64{0.5, 0.5, 0.5}, uniform(0, 1)),
		"bursts":                             burstLength(10, measure.PacketResult{Sent: 20000, Received: 20000}),
		"delays that are to be 0":            added(0)(&Link{}, measure.PacketResult{Sent: 300, Lost: 300})[0],
		"worst delay, with none that arrive": delayed(1, 0, nil, 0, 0).Readings[1],
	} {
		if r.OK() || !r.Fails() {
			t.Errorf("%s: passes: %+v", name, r)
		}
		if r.N == 0 && !strings.Contains(r.valueText(), "nothing") {
			t.Errorf("%s: the report says %q", name, r.valueText())
		}
		if _, err := json.Marshal(r); err != nil && !math.IsNaN(r.Value) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if (Attempt{}).OK() {
		t.Error("an attempt without a reading passes")
	}
	odd := Attempt{Measured: Measured{Readings: []Reading{within("rate", "Mbit/s", 1, 0.01, nan, 9), within("", "Mbit/s", 1, 0.01, 1, 9)}}}
	if err := odd.onlyNumbers(); err == nil || len(odd.Readings) != 1 {
		t.Errorf("of a number and none are left %v, %v", odd.Readings, err)
	}
	if n := least(0.01, 0); share("", 0.01, 0, n).High >= 0.01 || share("", 0.01, 0, n-50).High < 0.01 {
		t.Errorf("%d is not the least number of trials for 1 %%", n)
	}
}

// TestPower shows that readings accept what is right and refuse what is wrong.
func TestPower(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	flat := make([]float64, 2000)
	for i := range flat {
		flat[i] = r.Float64()
	}
	bursts := measure.PacketResult{Lost: 600, LossBursts: 61}
	for _, tc := range []struct {
		name string
		r    Reading
		want bool
	}{
		{"share", share("", 0.01, 205, 20000), true},
		{"share of bursts of 64 KB", share("", 0.01, 288, 20000), false},
		{"none of many", share("", 0.01, 0, 20000), false},
		{"none asked", share("", 0, 0, 20000), true},
		{"one where none is asked", share("", 0, 1, 20000), false},
		{"all", share("", 1, 20000, 20000), true},
		{"correlated share", correlatedShare("", 0.01, 260, 20000, 0.9), true},
		{"the same, independent", share("", 0.01, 260, 20000), false},
		{"bursts", burstLength(10, bursts), true},
		{"longer bursts", burstLength(20, bursts), false},
		{"uniform", kolmogorov("", flat, uniform(0, 1)), true},
		{"uniform, shifted by a twentieth", kolmogorov("", flat, uniform(0.05, 1.05)), false},
		{"its own table", kolmogorov("", flat, empirical(flat)), true},
		{"tolerance", within("", "ms", 50, 0.7, 50.69, 300), true},
		{"beyond it", within("", "ms", 50, 0.7, 50.71, 300), false},
		{"shown only", within("", "ms", 50, 0, 60, 300).info(), true},
		{"count", count("", 0, 0, 300), true},
		{"one too many", count("", 0, 1, 300), false},
	} {
		if got := !tc.r.Fails(); got != tc.want {
			t.Errorf("%s: OK is %v, want %v: %+v", tc.name, got, tc.want, tc.r)
		}
	}
	if c := lag1(flat); math.Abs(c) > 0.08 {
		t.Errorf("correlation of independent numbers is %v", c)
	}
}
