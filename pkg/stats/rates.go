// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"time"

	"tcni.dev/pkg/view"
)

// Rates gives each count of now its rate since before. A counter that is lower
// than before belongs to a new queue and has no rate.
func Rates(before, now []view.Stats) {
	old := map[string]view.Counts{}
	at := map[string]time.Time{}
	for _, s := range before {
		at[s.Mark] = s.Time
		visit(s, func(key string, c *view.Counts) { old[key] = *c })
	}
	for _, s := range now {
		seconds := s.Time.Sub(at[s.Mark]).Seconds()
		visit(s, func(key string, c *view.Counts) {
			if o, ok := old[key]; ok && seconds > 0 {
				c.Rates = rates(o, *c, seconds)
			}
		})
	}
}

func rates(before, now view.Counts, seconds float64) *view.Rates {
	if now.Packets < before.Packets || now.Bytes < before.Bytes || now.Drops.Total < before.Drops.Total {
		return nil
	}
	return &view.Rates{
		Packets: float64(now.Packets-before.Packets) / seconds,
		Bits:    float64(now.Bytes-before.Bytes) * 8 / seconds,
		Drops:   float64(now.Drops.Total-before.Drops.Total) / seconds,
	}
}

// visit calls f for all counts, each with a key of its own.
func visit(s view.Stats, f func(key string, c *view.Counts)) {
	for i := range s.Directions {
		d := &s.Directions[i]
		f(s.Mark+" "+d.Direction, &d.Total)
		for j := range d.Classes {
			f(s.Mark+" "+d.Direction+" "+d.Classes[j].Class, &d.Classes[j].Counts)
		}
	}
}
