// SPDX-License-Identifier: Apache-2.0

package dist

import (
	"slices"

	"tcni.dev/pkg/tc"
)

// Longest is the longest that netem holds a packet back: the delay, the most that
// its jitter adds, and the time between two slots.
func Longest(n tc.Netem) tc.Time {
	slot := n.Slot.Max
	if d := n.Slot.Distribution; d != (tc.Distribution{}) {
		slot = n.Slot.Delay + most(n.Slot.Jitter, d)
	}
	return max(n.Delay+most(n.Jitter, n.Distribution), 0) + max(slot, 0)
}

// most is the most that a jitter adds; below 0 where a table only takes away.
// Named tables end at four times the jitter, as those of iproute2 do; uniform
// jitter ends at once.
func most(jitter tc.Time, d tc.Distribution) tc.Time {
	switch {
	case jitter == 0 || d == tc.Distribution{}:
		return jitter
	case d.Table == "":
		return 4 * jitter
	}
	sample := tc.Time(slices.Max(Samples(d.Table)))
	return sample * jitter / Sigma
}
