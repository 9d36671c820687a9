// SPDX-License-Identifier: Apache-2.0

package dist

import (
	"encoding/binary"
	"math"

	"tcni.dev/pkg/tc"
)

// FromQuantiles makes a table of values in any unit. It moves and scales them
// to mean 0 and standard deviation 8192. Values beyond 4 sigma are cut off, and
// what that takes from the moments is made up for by the other values.
func FromQuantiles(values []float64) tc.Table {
	mean, sigma := moments(values, 0, 1, math.Inf(1))
	if sigma == 0 {
		return pack(make([]int16, len(values)))
	}
	scale := Sigma / sigma
	shift := -mean * scale
	for range 64 { // each step gets an order of magnitude nearer; ten are enough for a Pareto
		mean, sigma = moments(values, shift, scale, math.MaxInt16)
		if math.Abs(mean) < 0.01 && math.Abs(sigma-Sigma) < 0.01 {
			break
		}
		scale *= Sigma / sigma
		shift = (shift - mean) * Sigma / sigma
	}
	out := make([]int16, len(values))
	for i, v := range values {
		out[i] = int16(math.Round(cut(shift+scale*v, math.MaxInt16)))
	}
	return pack(out)
}

// moments returns the mean and the standard deviation of shift+scale·values,
// cut off at ±limit.
func moments(values []float64, shift, scale, limit float64) (mean, sigma float64) {
	var sum, squares float64
	for _, v := range values {
		v = cut(shift+scale*v, limit)
		sum += v
		squares += v * v
	}
	n := float64(max(len(values), 1))
	mean = sum / n
	return mean, math.Sqrt(max(squares/n-mean*mean, 0))
}

func cut(v, limit float64) float64 { return max(-limit, min(v, limit)) }

// pack writes the samples as the kernel reads them.
func pack(v []int16) tc.Table {
	b := make([]byte, 0, 2*len(v))
	for _, s := range v {
		b = binary.NativeEndian.AppendUint16(b, uint16(s))
	}
	return tc.Table(b)
}

// Samples reads a table's samples.
func Samples(t tc.Table) []int16 {
	v := make([]int16, len(t)/2)
	for i := range v {
		v[i] = int16(binary.NativeEndian.Uint16([]byte(t[2*i : 2*i+2])))
	}
	return v
}
