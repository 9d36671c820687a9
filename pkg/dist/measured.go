// SPDX-License-Identifier: Apache-2.0

package dist

import (
	"math"
	"slices"

	"tcni.dev/pkg/tc"
)

// Measured makes a table of delays that were measured, and says with which delay
// and jitter netem draws them: the mean, and the standard deviation or, where
// some lie further than 4 of it from the mean, as much as reaches them. Each
// comes back as it was, to 1/8192 of the jitter. Without a deviation there is
// neither a jitter nor a table.
func Measured(times []tc.Time) (delay, jitter tc.Time, table tc.Table) {
	if len(times) == 0 {
		return 0, 0, ""
	}
	least := slices.Min(times) // from there on, small differences of long times have all their digits
	values := shares(times)
	for i := range values {
		values[i] -= float64(least)
	}
	mean, sigma := moments(values, 0, 1, math.Inf(1))
	delay = least + tc.Time(math.Round(mean))
	if sigma < 1 { // a nanosecond
		return delay, 0, ""
	}
	farthest := max(mean, values[len(values)-1]-mean)
	jitter = tc.Time(math.Ceil(max(sigma, farthest*Sigma/math.MaxInt16)))
	out := make([]int16, len(values))
	for i, v := range values {
		out[i] = int16(math.Round(cut((v-mean)*Sigma/float64(jitter), math.MaxInt16)))
	}
	return max(delay, 1), jitter, pack(out) // a jitter is of a delay
}

// Shape makes a table of the deviations alone, to be drawn with another mean and
// standard deviation (see FromQuantiles).
func Shape(times []tc.Time) tc.Table { return FromQuantiles(shares(times)) }

// shares returns the times in their order; of more than a table holds, those in
// the middle of equal shares of them.
func shares(times []tc.Time) []float64 {
	sorted := slices.Clone(times)
	slices.Sort(sorted)
	n := min(len(sorted), MaxSamples)
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(sorted[int(rank(i, n)*float64(len(sorted)))])
	}
	return out
}
