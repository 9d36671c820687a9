// SPDX-License-Identifier: Apache-2.0

package dist

import (
	"math"
	"slices"
	"testing"
)

// describe returns mean, standard deviation, skewness and share within ±sigma.
func describe(v []int16) (mean, sigma, skew, within float64) {
	n := float64(len(v))
	for _, s := range v {
		mean += float64(s) / n
	}
	for _, s := range v {
		d := float64(s) - mean
		sigma += d * d / n
		skew += d * d * d / n
		if math.Abs(float64(s)) <= Sigma {
			within += 1 / n
		}
	}
	sigma = math.Sqrt(sigma)
	return mean, sigma, skew / (sigma * sigma * sigma), within
}

func TestMoments(t *testing.T) {
	tests := []struct {
		name             string
		skewLow, skewTop float64
		within, slack    float64 // share within one sigma
	}{
		{"normal", -0.001, 0.001, 0.6827, 0.002},
		{"pareto", 1.5, 3.0, 0.88, 0.05},
		{"paretonormal", 1.2, 3.0, 0.85, 0.06},
	}
	for _, tt := range tests {
		table, ok := Named(tt.name)
		if !ok {
			t.Fatalf("%s: unknown", tt.name)
		}
		v := Samples(table)
		mean, sigma, skew, within := describe(v)
		t.Logf("%s: mean %.2f sigma %.2f skew %.3f within %.4f range %d..%d", tt.name, mean, sigma, skew, within, v[0], v[len(v)-1])
		if math.Abs(mean) > 1 || math.Abs(sigma-Sigma) > 1 {
			t.Errorf("%s: mean %.2f, sigma %.2f, want 0 and %d", tt.name, mean, sigma, Sigma)
		}
		if skew < tt.skewLow || skew > tt.skewTop {
			t.Errorf("%s: skewness %.3f is outside %v..%v", tt.name, skew, tt.skewLow, tt.skewTop)
		}
		if math.Abs(within-tt.within) > tt.slack {
			t.Errorf("%s: share within one sigma %.4f, want %.4f", tt.name, within, tt.within)
		}
		if !slices.IsSorted(v) {
			t.Errorf("%s: an inverse distribution must rise", tt.name)
		}
	}
}

func TestNormalQuantiles(t *testing.T) {
	table, _ := Named("normal")
	v := Samples(table)
	for z, share := range map[float64]float64{-2: 0.0228, -1: 0.1587, 0: 0.5, 1: 0.8413, 2: 0.9772, 3: 0.99865} {
		got := float64(v[int(share*float64(len(v)))]) / Sigma
		if math.Abs(got-z) > 0.02 {
			t.Errorf("quantile %.4f is %.3f sigma, want %.0f", share, got, z)
		}
	}
}

func TestUniform(t *testing.T) {
	v := Samples(Uniform())
	mean, sigma, _, within := describe(v)
	if math.Abs(mean) > 1 || math.Abs(sigma-Sigma/math.Sqrt(3)) > 1 || within < 1-1e-9 {
		t.Errorf("mean %.2f sigma %.2f within %.4f, want 0, %.2f, 1", mean, sigma, within, Sigma/math.Sqrt(3))
	}
}

func TestFromQuantilesEdges(t *testing.T) {
	for _, values := range [][]float64{nil, {3}, {3, 3, 3}, {1, 2}, {0, 0, 0, 1e12}} {
		v := Samples(FromQuantiles(values))
		if len(v) != len(values) {
			t.Errorf("%v: %d samples", values, len(v))
		}
	}
	if _, ok := Named("experimental"); ok {
		t.Error("experimental cannot be computed")
	}
	if got := Names(); len(got) != 3 {
		t.Errorf("names: %v", got)
	}
}

func BenchmarkNormal(b *testing.B) {
	for b.Loop() {
		FromQuantiles(quantiles(normal))
	}
}

func BenchmarkPareto(b *testing.B) {
	for b.Loop() {
		FromQuantiles(quantiles(pareto))
	}
}
