// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestSummarise(t *testing.T) {
	for _, tc := range []struct {
		name string
		in   []time.Duration
		want Summary[time.Duration]
	}{
		{"none", nil, Summary[time.Duration]{}},
		{"one", []time.Duration{7}, Summary[time.Duration]{N: 1, Min: 7, Median: 7, P90: 7, P99: 7, Max: 7, Mean: 7}},
		{"unsorted", []time.Duration{40, 10, 30, 20}, Summary[time.Duration]{
			N: 4, Min: 10, Median: 25, P90: 37, P99: 39, Max: 40, Mean: 25, Stddev: 12}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, Summarise(tc.in)); d != "" {
				t.Error(d)
			}
		})
	}
	far := []time.Duration{1e18, 1e18 + 2000}
	if s := Summarise(far); s.Stddev < 1000 || s.Stddev > 2000 {
		t.Errorf("stddev of large samples is %d, want 1414", s.Stddev)
	}
}

func TestHistogram(t *testing.T) {
	h := NewHistogram([]float64{-1, 0, 0.5, 1, 1.99, 2, 9}, 0, 2, 2)
	want := Histogram[float64]{Low: 0, Width: 1, Counts: []int{2, 2}, Below: 1, Above: 2}
	if d := cmp.Diff(want, h); d != "" {
		t.Error(d)
	}
}

// The values are R's binom.test(k, n, conf.level = c)$conf.int.
func TestBinomial(t *testing.T) {
	for _, tc := range []struct {
		k, n       int
		confidence float64
		want       Interval
	}{
		{0, 0, 0.95, Interval{0, 1}},
		{0, 10, 0.95, Interval{0, 0.3084971}},
		{10, 10, 0.95, Interval{0.6915029, 1}},
		{5, 10, 0.95, Interval{0.1870860, 0.8129140}},
		{1, 20, 0.95, Interval{0.00126509, 0.2487328}},
	} {
		got := Binomial(tc.k, tc.n, tc.confidence)
		if d := cmp.Diff(tc.want, got, cmpopts.EquateApprox(0, 1e-6)); d != "" {
			t.Errorf("%d of %d: %s", tc.k, tc.n, d)
		}
	}
}

// The definition itself: at the ends of the interval, the tails hold what the confidence leaves.
func TestBinomialTails(t *testing.T) {
	for _, tc := range []struct{ k, n int }{{3, 50}, {100, 10_000}, {1440, 144_000}} {
		in := Binomial(tc.k, tc.n, 0.999)
		low, high := 1-cdf(tc.k-1, tc.n, in.Low), cdf(tc.k, tc.n, in.High)
		if math.Abs(low-0.0005) > 1e-6 || math.Abs(high-0.0005) > 1e-6 {
			t.Errorf("%d of %d: tails are %g and %g, want 0.0005", tc.k, tc.n, low, high)
		}
		if !in.Contains(float64(tc.k) / float64(tc.n)) {
			t.Errorf("%d of %d: %v is not inside", tc.k, tc.n, in)
		}
	}
}

// cdf is the probability of at most k events, summed term by term.
func cdf(k, n int, p float64) float64 {
	sum := 0.0
	lnN, _ := math.Lgamma(float64(n + 1))
	for i := range k + 1 {
		a, _ := math.Lgamma(float64(i + 1))
		b, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(lnN - a - b + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}

func TestWireRate(t *testing.T) {
	if got := WireRate(1448, 1448, false); got != 1514 {
		t.Errorf("IPv4: %v, want a full frame of 1514", got)
	}
	if got := WireRate(1428, 1428, true); got != 1514 {
		t.Errorf("IPv6: %v, want a full frame of 1514", got)
	}
}

func TestResultsAreJSON(t *testing.T) {
	b, err := json.Marshal(PacketResult{Sent: 2, Delay: Summarise([]time.Duration{1500})})
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	if m["sent"] != 2.0 || m["delay"].(map[string]any)["median"] != 1500.0 {
		t.Errorf("JSON is %s", b)
	}
}
