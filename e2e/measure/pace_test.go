// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"errors"
	"math"
	"testing"
	"time"
)

// arrivals of a bottleneck of 1000 packets/s, with stalls of 200 ms at some
// times, after each of which what waited comes at once.
func arrivals(count int, stalls ...time.Duration) (at []time.Duration) {
	const stall = 200 * time.Millisecond
	for i := range count {
		t := time.Duration(i) * time.Millisecond
		for _, s := range stalls {
			if t >= s && t < s+stall {
				t = s + stall + time.Duration(i)*time.Microsecond
			}
		}
		at = append(at, t)
	}
	return at
}

func TestPaces(t *testing.T) {
	second := time.Second
	for name, at := range map[string][]time.Duration{
		"steady":       arrivals(1000),
		"one stall":    arrivals(1000, second/3),
		"two stalls":   arrivals(1500, second/10, second),
		"at the start": arrivals(1000, 0),
	} {
		paces := PacketResult{Arrivals: at}.Paces(80)
		if got := Summarise(paces).Median; math.Abs(got-1000) > 1 {
			t.Errorf("%s: median %v of %v", name, got, paces)
		}
	}
	if p := (PacketResult{Arrivals: arrivals(80)}).Paces(80); p != nil {
		t.Errorf("of too few packets: %v", p)
	}
	if p := (PacketResult{Arrivals: make([]time.Duration, 200)}).Paces(0); p != nil {
		t.Errorf("of no time: %v", p)
	}
}

func TestUntil(t *testing.T) {
	right := func(m float64) bool { return math.Abs(m-10) < 0.1 }
	for _, c := range []struct {
		name    string
		samples []float64 // one a round; the last one repeats
		ok      bool
		rounds  int
	}{
		{"right", []float64{10}, true, 3},
		{"right once", []float64{10, 5}, false, 8},
		{"right after noise", []float64{5, 5, 10}, true, 5},
		{"noise to both sides", []float64{5, 15, 10}, true, 3},
		{"never", []float64{9.8}, false, 8},
	} {
		n := 0
		_, ok, err := Until(8, right, func() ([]float64, error) {
			n++
			return []float64{c.samples[min(n, len(c.samples))-1]}, nil
		})
		if ok != c.ok || n != c.rounds || err != nil {
			t.Errorf("%s: %v after %d rounds, %v", c.name, ok, n, err)
		}
	}
	broken := errors.New("broken")
	if _, ok, err := Until(8, right, func() ([]float64, error) { return []float64{10, 10, 10}, broken }); ok || !errors.Is(err, broken) {
		t.Errorf("%v, %v", ok, err)
	}
	if _, ok, _ := Until(8, right, func() ([]float64, error) { return nil, nil }); ok {
		t.Error("no samples are right")
	}
}

func TestLeast(t *testing.T) {
	for _, c := range []struct {
		delays []time.Duration
		want   time.Duration
		rounds int
	}{
		{[]time.Duration{52, 90}, 52, 1},
		{[]time.Duration{90, 53, 90}, 53, 2},
		{[]time.Duration{90, 80, 85}, 80, 3},
	} {
		n := 0
		got, err := Least(3, 55, func() (time.Duration, error) { n++; return c.delays[n-1], nil })
		if got != c.want || n != c.rounds || err != nil {
			t.Errorf("of %v: %v after %d rounds, %v", c.delays, got, n, err)
		}
	}
}
