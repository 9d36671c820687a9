// SPDX-License-Identifier: Apache-2.0

package dist

import (
	"slices"
	"testing"

	"tcni.dev/pkg/tc"
)

func TestLongest(t *testing.T) {
	table := func(samples ...int16) tc.Distribution {
		return tc.Distribution{Name: "own", Table: pack(samples)}
	}
	for _, c := range []struct {
		name string
		n    tc.Netem
		want tc.Time
	}{
		{"nothing", tc.Netem{}, 0},
		{"delay", tc.Netem{Delay: 10}, 10},
		{"uniform", tc.Netem{Delay: 10, Jitter: 3}, 13},
		{"normal", tc.Netem{Delay: 10, Jitter: 3, Distribution: tc.Distribution{Name: "normal"}}, 22},
		{"table", tc.Netem{Delay: 10, Jitter: 3, Distribution: table(-8192, 2*8192, 0)}, 16},
		{"the longest", tc.Netem{Delay: tc.MaxTime, Jitter: 1<<31 - 1, Distribution: table(32767)}, tc.MaxTime + (1<<31-1)*32767/8192},
		{"earlier only", tc.Netem{Delay: 10, Jitter: 3, Distribution: table(-8192)}, 7},
		{"before it came", tc.Netem{Delay: 1, Jitter: 3, Distribution: table(-8192)}, 0},
		{"slot", tc.Netem{Delay: 10, Slot: tc.Slot{Min: 4, Max: 5}}, 15},
		{"slots of a distribution", tc.Netem{Slot: tc.Slot{Delay: 4, Jitter: 1, Distribution: tc.Distribution{Name: "pareto"}}}, 8},
	} {
		if got := Longest(c.n); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

// TestNamedEnd holds what Longest says of named tables to the tables.
func TestNamedEnd(t *testing.T) {
	for _, name := range Names() {
		if table, _ := Named(name); slices.Max(Samples(table)) > 4*Sigma-1 {
			t.Errorf("%s: %d is beyond 4 sigma", name, slices.Max(Samples(table)))
		}
	}
}
