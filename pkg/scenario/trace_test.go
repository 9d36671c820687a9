// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"testing"
	"time"

	"tcni.dev/pkg/tc"
)

// TestTraceRates holds that a link with one packet in weeks keeps a rate: one of
// 0 would be none.
func TestTraceRates(t *testing.T) {
	points, err := ParseTrace([]byte("4294967295\n"), 0)
	if err != nil || *points[0].Rate != tc.MinRate {
		t.Errorf("%+v, %v, want %v", points, err, tc.MinRate)
	}
}

func TestTableWithoutTitles(t *testing.T) {
	for _, table := range []string{"# hello\n", "# hello\n# again"} {
		if points, err := ParseTrace([]byte(table), 0); err == nil {
			t.Errorf("%q: %v", table, points)
		}
	}
}

// FuzzTrace: what is read of a link trace lies in order, has an end, and asks for
// what there can be.
func FuzzTrace(f *testing.F) {
	f.Add("10\n100\n300\n950\n1000\n", int64(200*time.Millisecond))
	f.Add("0\n0\n1\n4294967295\n", int64(0))
	f.Add("time,rate,delay,loss\n0,1mbit,20,0\n0.25,2mbit,,1%\n500ms,500kbit,40ms,\n", int64(0))
	f.Add("# a remark\nloss, time\n0.1,3s\n", int64(1))
	f.Fuzz(func(t *testing.T, in string, window int64) {
		points, err := ParseTrace([]byte(in), time.Duration(max(window, 0)))
		if err != nil {
			return
		}
		if len(points) < 2 || points[0].At < 0 {
			t.Fatalf("%q: %+v", in, points)
		}
		for i, p := range points[:len(points)-1] {
			if p.At >= points[i+1].At {
				t.Fatalf("%q: %v, then %v", in, p.At, points[i+1].At)
			}
			rate, delay, loss := p.Rate, p.Delay, p.Loss
			if rate != nil && (*rate < tc.MinRate || *rate > tc.MaxRate) || delay != nil && (*delay < 0 || *delay > tc.MaxTime) || loss != nil && (*loss < 0 || *loss > tc.MaxPercent) {
				t.Fatalf("%q: %v: %v %v %v", in, p.At, rate, delay, loss)
			}
		}
	})
}
