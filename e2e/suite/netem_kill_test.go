// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"testing"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
)

// TestNetemKill is TestKill with netem in the tree. CHECK alone tells what ADD
// made: an emulated processor takes long for a snapshot.
func TestNetemKill(t *testing.T) {
	n := newNetwork(t, ptp)
	needNetem(t, n.Lab)
	before := n.snapshot()
	entry := lab.Conf{
		"placement": conf.PlaceHost,
		"egress":    "delay 50ms 5ms distribution normal loss 1% rate 10mbit", "ingress": "delay 5ms",
	}
	k := killCase{"ADD", nil, lab.ADD, entry, 5}
	full := k.start(n, 0)
	n.ok(lab.DEL, entry)
	covered := 0
	for k.killedAt(n, covered+1, before, nil) && !t.Failed() {
		covered++
	}
	t.Logf("killed at %d points; a full run has %d", covered, full.points)
	if covered < full.points || full.points < k.least {
		t.Errorf("killed at %d points of %d", covered, full.points)
	}
}
