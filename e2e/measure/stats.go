// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"math"
	"slices"
	"time"
)

// Number is what can be summarised.
type Number interface{ time.Duration | float64 }

// Summary describes samples. All is zero where there are none.
type Summary[T Number] struct {
	N      int `json:"n"`
	Min    T   `json:"min"`
	Median T   `json:"median"`
	P90    T   `json:"p90"`
	P99    T   `json:"p99"`
	Max    T   `json:"max"`
	Mean   T   `json:"mean"`
	// Stddev is the sample standard deviation (n-1).
	Stddev T `json:"stddev"`
}

// Summarise leaves samples as they are.
func Summarise[T Number](samples []T) Summary[T] {
	if len(samples) == 0 {
		return Summary[T]{}
	}
	sorted := slices.Sorted(slices.Values(samples))
	// Welford's way: a sum of squares of nanoseconds would lose its digits.
	mean, m2 := 0.0, 0.0
	for i, s := range sorted {
		d := float64(s) - mean
		mean += d / float64(i+1)
		m2 += d * (float64(s) - mean)
	}
	stddev := 0.0
	if len(sorted) > 1 {
		stddev = math.Sqrt(m2 / float64(len(sorted)-1))
	}
	return Summary[T]{
		N: len(sorted), Min: sorted[0], Max: sorted[len(sorted)-1],
		Median: Quantile(sorted, 0.5), P90: Quantile(sorted, 0.9), P99: Quantile(sorted, 0.99),
		Mean: T(mean), Stddev: T(stddev),
	}
}

// Quantile is the q-quantile, 0..1, of sorted samples, interpolated linearly between neighbours
// (type 7 of Hyndman and Fan).
func Quantile[T Number](sorted []T, q float64) T {
	if len(sorted) == 0 {
		return 0
	}
	pos := min(max(q, 0), 1) * float64(len(sorted)-1)
	i := int(pos)
	if i == len(sorted)-1 {
		return sorted[i]
	}
	return sorted[i] + T((pos-float64(i))*float64(sorted[i+1]-sorted[i]))
}

// Histogram counts samples in bins of one width from Low on.
type Histogram[T Number] struct {
	Low    T     `json:"low"`
	Width  T     `json:"width"`
	Counts []int `json:"counts"`
	Below  int   `json:"below"`
	Above  int   `json:"above"`
}

// NewHistogram counts samples in bins between low and high; a bin holds its lower edge.
func NewHistogram[T Number](samples []T, low, high T, bins int) Histogram[T] {
	h := Histogram[T]{Low: low, Width: (high - low) / T(max(bins, 1)), Counts: make([]int, max(bins, 1))}
	for _, s := range samples {
		switch i := math.Floor(float64(s-low) / float64(h.Width)); {
		case s < low:
			h.Below++
		case s >= high || i >= float64(len(h.Counts)):
			h.Above++
		default:
			h.Counts[int(i)]++
		}
	}
	return h
}
