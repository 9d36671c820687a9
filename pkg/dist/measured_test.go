// SPDX-License-Identifier: Apache-2.0

package dist

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tcni.dev/pkg/tc"
)

// drawn is every delay that netem may draw (tabledist in net/sched/sch_netem.c).
func drawn(delay, jitter tc.Time, table tc.Table) []float64 {
	var out []float64
	for _, s := range Samples(table) {
		out = append(out, float64(delay)+float64(jitter)*float64(s)/Sigma)
	}
	return out
}

func TestMeasuredComesBack(t *testing.T) {
	for name, times := range map[string][]tc.Time{
		"few":        {48 * tc.Millisecond, 52 * tc.Millisecond, 50 * tc.Millisecond, 47 * tc.Millisecond},
		"one far":    append(slices.Repeat([]tc.Time{20 * tc.Millisecond, 21 * tc.Millisecond}, 500), tc.Second),
		"two values": {tc.Millisecond, 3 * tc.Millisecond},
		"long":       {1000 * tc.Second, 1000*tc.Second + 3, 1000*tc.Second + 9},
	} {
		delay, jitter, table := Measured(times)
		got := drawn(delay, jitter, table)
		slices.Sort(times)
		if len(got) != len(times) {
			t.Fatalf("%s: %d samples of %d", name, len(got), len(times))
		}
		for i, want := range times {
			if math.Abs(got[i]-float64(want)) > float64(jitter)/Sigma+1 {
				t.Errorf("%s: sample %d is %.0f ns, want %d", name, i, got[i], want)
			}
		}
	}
}

func TestMeasuredWithoutDeviation(t *testing.T) {
	for _, times := range [][]tc.Time{nil, {5 * tc.Millisecond}, {7, 7, 7}, {1234567891234, 1234567891234, 1234567891234}} {
		if delay, jitter, table := Measured(times); jitter != 0 || table != "" || len(times) > 0 && delay != times[0] {
			t.Errorf("%v: delay %v, jitter %v, table of %d bytes", times, delay, jitter, len(table))
		}
	}
}

// TestMeasuredLong takes more times than a table holds: their quantiles stay.
func TestMeasuredLong(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	times := make([]tc.Time, 100_000)
	for i := range times {
		times[i] = 50*tc.Millisecond + tc.Time(r.ExpFloat64()*float64(5*tc.Millisecond))
	}
	delay, jitter, table := Measured(times)
	got := drawn(delay, jitter, table)
	if len(got) != MaxSamples {
		t.Fatalf("%d samples, want %d", len(got), MaxSamples)
	}
	slices.Sort(times)
	for _, q := range []float64{0.01, 0.5, 0.9, 0.99} {
		want := float64(times[int(q*float64(len(times)))])
		if at := got[int(q*float64(len(got)))]; math.Abs(at-want) > 0.02*float64(5*tc.Millisecond) {
			t.Errorf("quantile %v is %.0f ns, want %.0f", q, at, want)
		}
	}
}

func TestShapeHasNoUnit(t *testing.T) {
	a := Shape([]tc.Time{1, 2, 3, 10})
	b := Shape([]tc.Time{10 * tc.Second, tc.Second, 2 * tc.Second, 3 * tc.Second})
	if a != b || len(Samples(a)) != 4 {
		t.Errorf("got %v and %v, want the same", Samples(a), Samples(b))
	}
}
