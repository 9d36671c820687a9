// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"time"
)

// span is a time from when something was due until it was there.
type span struct{ from, to time.Time }

func before(to time.Time, late time.Duration) span { return span{to.Add(-late), to} }

func (s span) length() time.Duration { return s.to.Sub(s.from) }

// union joins spans that overlap, the first first.
func union(lists ...[]span) (out []span) {
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b span) int { return a.from.Compare(b.from) })
	for _, s := range all {
		if n := len(out); n > 0 && !s.from.After(out[n-1].to) {
			if s.to.After(out[n-1].to) {
				out[n-1].to = s.to
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// overlap is how much of a span lies in others, a union.
func overlap(s span, others []span) (sum time.Duration) {
	i, _ := slices.BinarySearchFunc(others, s.from, func(o span, from time.Time) int { return o.to.Compare(from) })
	for ; i < len(others) && others[i].from.Before(s.to); i++ {
		from, to := others[i].from, others[i].to
		if s.from.After(from) {
			from = s.from
		}
		if s.to.Before(to) {
			to = s.to
		}
		sum += to.Sub(from)
	}
	return sum
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
