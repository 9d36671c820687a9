// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"math"
	"slices"

	"tcni.dev/e2e/measure"
)

// distribution is the empirical distribution of samples, in at most 200 points.
func distribution(label string, samples []float64) Series {
	s := Series{XLabel: label, YLabel: "share of all at most as long"}
	sorted := slices.Sorted(slices.Values(samples))
	step := max(len(sorted)/200, 1)
	for i := 0; i < len(sorted); i += step {
		s.X = append(s.X, sorted[i])
		s.Y = append(s.Y, float64(i+1)/float64(len(sorted)))
	}
	return s
}

// kolmogorov is the reading of the largest distance between the distribution of
// samples and the one that was asked for, given by its cumulative function.
// Right is what independent samples of that distribution stay below with
// Confidence (the asymptotic quantile √(−ln(α/2)/2)/√n).
func kolmogorov(metric string, samples []float64, cdf func(float64) float64) Reading {
	sorted := slices.Sorted(slices.Values(samples))
	n, d := float64(len(sorted)), 0.0
	for i, x := range sorted {
		f := cdf(x)
		d = max(d, f-float64(i)/n, float64(i+1)/n-f)
	}
	quantile := math.Sqrt(-math.Log((1-Confidence)/2) / 2)
	return Reading{Metric: metric, Unit: "D", From: 0, To: quantile / math.Sqrt(max(n, 1)), Value: d, Low: d, High: d,
		N: len(sorted), Least: int(math.Ceil(quantile * quantile))} // fewer pass wherever they lie: D is at most 1
}

// empirical is the cumulative function of a table of values.
func empirical(values []float64) func(float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return func(x float64) float64 {
		i, _ := slices.BinarySearchFunc(sorted, x, func(v, x float64) int {
			if v <= x {
				return -1
			}
			return 1
		})
		return float64(i) / float64(len(sorted))
	}
}

// uniform is the cumulative function of the values between low and high.
func uniform(low, high float64) func(float64) float64 {
	return func(x float64) float64 { return min(max((x-low)/(high-low), 0), 1) }
}

// lag1 is the correlation of samples with the ones before.
func lag1(x []float64) float64 {
	if len(x) < 3 {
		return 0
	}
	s := measure.Summarise(x)
	sum := 0.0
	for i := 1; i < len(x); i++ {
		sum += (x[i] - s.Mean) * (x[i-1] - s.Mean)
	}
	return sum / float64(len(x)-1) / (s.Stddev * s.Stddev)
}
