// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"math"
	"math/rand/v2"
	"testing"

	"tcni.dev/e2e/measure"
)

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
		{"tolerance", within("", "ms", 50, 0.7, 50.69), true},
		{"beyond it", within("", "ms", 50, 0.7, 50.71), false},
		{"shown only", within("", "ms", 50, 0, 60).info(), true},
		{"count", count("", 0, 0), true},
		{"one too many", count("", 0, 1), false},
	} {
		if got := !tc.r.Fails(); got != tc.want {
			t.Errorf("%s: OK is %v, want %v: %+v", tc.name, got, tc.want, tc.r)
		}
	}
	if c := lag1(flat); math.Abs(c) > 0.08 {
		t.Errorf("correlation of independent numbers is %v", c)
	}
}
