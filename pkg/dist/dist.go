// SPDX-License-Identifier: Apache-2.0

package dist

import (
	"math"
	"sync"

	"tcni.dev/pkg/tc"
)

const (
	// Sigma is the sample that stands for one jitter (NETEM_DIST_SCALE).
	Sigma = 8192
	// MaxSamples is the longest table that netem takes (NETEM_DIST_MAX).
	MaxSamples = 16384
	// samples is the length of the tables here: 8 KB in a message.
	samples = 4096
)

// named is a distribution that tc-netem(8) has. Its table is computed when it
// is first asked for: a start of the program pays for none.
type named struct {
	name     string
	quantile func(u float64) float64
	once     sync.Once
	table    tc.Table
}

var all = [...]named{
	{name: "normal", quantile: normal},
	{name: "pareto", quantile: pareto},
	{name: "paretonormal", quantile: paretoNormal},
}

// Names lists the distributions that Named knows.
func Names() []string {
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].name
	}
	return names
}

// Named returns the table of normal, pareto or paretonormal, and false for any
// other name. The fourth of tc-netem(8), experimental, is a measurement that
// cannot be computed.
func Named(name string) (tc.Table, bool) {
	for i := range all {
		d := &all[i]
		if d.name == name {
			d.once.Do(func() { d.table = FromQuantiles(quantiles(d.quantile)) })
			return d.table, true
		}
	}
	return "", false
}

// Uniform returns the table that does what netem does without one: every value
// within ±jitter is as likely as any other. Its standard deviation is that of
// its kind, 8192/√3.
func Uniform() tc.Table {
	v := make([]int16, samples)
	for i := range v {
		v[i] = int16(math.Round(Sigma * (2*rank(i, samples) - 1)))
	}
	return pack(v)
}

// rank is the middle of the i-th of n equal shares.
func rank(i, n int) float64 { return (float64(i) + 0.5) / float64(n) }

func quantiles(q func(float64) float64) []float64 {
	v := make([]float64, samples)
	for i := range v {
		v[i] = q(rank(i, samples))
	}
	return v
}

func normal(u float64) float64 { return math.Sqrt2 * math.Erfinv(2*u-1) }

// pareto has the shape 3, the least that has a variance.
func pareto(u float64) float64 { return 1 / math.Cbrt(1-u) }

// paretoNormal is a quarter normal and three quarters Pareto, both of sigma 1.
func paretoNormal(u float64) float64 {
	const paretoSigma = 0.8660254037844386 // √3/2
	return 0.25*normal(u) + 0.75*pareto(u)/paretoSigma
}
