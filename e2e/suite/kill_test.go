// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"testing"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
)

// killCase is a call that is killed at every point.
type killCase struct {
	name   string
	before lab.Conf // what the container has already; nil: nothing
	verb   lab.Verb
	entry  lab.Conf
	least  int // points that a run has at least: records, links, trees
}

// exempted is a shape with iptables' rules.
func exempted(place conf.Placement) lab.Conf {
	c := shape(place)
	c["exemptNode"] = true
	return c
}

func killCases() []killCase {
	var cases []killCase
	for _, place := range placements {
		p := string(place)
		cases = append(cases,
			killCase{"ADD " + p, nil, lab.ADD, shape(place), 8},
			killCase{"change " + p, otherShape(place), lab.ADD, shape(place), 8},
			killCase{"DEL " + p, shape(place), lab.DEL, shape(place), 5},
		)
	}
	return append(cases,
		killCase{"ADD exempted", nil, lab.ADD, exempted(conf.PlaceAuto), 20},
		killCase{"DEL exempted", exempted(conf.PlaceAuto), lab.DEL, exempted(conf.PlaceAuto), 10},
		killCase{"move", shape(conf.PlaceHost), lab.ADD, shape(conf.PlaceContainer), 8},
	)
}

// TestKill ends tcni with SIGKILL before each system call that can leave a
// trace. A DEL that follows leaves nothing; an ADD that follows instead gives
// the right trees.
func TestKill(t *testing.T) {
	for _, k := range killCases() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t, ptp)
			before := n.snapshot()
			full := k.start(n, 0)
			if full.killed || full.status.ExitStatus() != 0 || full.points < k.least {
				t.Fatalf("a run to the end: %+v, want at least %d points", full, k.least)
			}
			n.ok(lab.ADD, k.entry)
			want := n.snapshot()
			n.ok(lab.DEL, k.entry)
			n.unchanged(before, "DEL")

			covered := 0
			for k.killedAt(n, covered+1, before, want) && !t.Failed() {
				covered++
			}
			t.Logf("killed at %d points; a full run has %d", covered, full.points)
			if covered < full.points {
				t.Errorf("killed at %d points only", covered)
			}
		})
	}
}

// start brings the container to where the case begins, and runs it.
func (k killCase) start(n *network, point int) traced {
	n.t.Helper()
	if k.before != nil {
		n.ok(lab.ADD, k.before)
	}
	return n.trace(k.verb, n.stdin(k.entry), point)
}

// killedAt kills at a point, once before DEL and once before ADD. It is false
// where the call ended before it came to the point. What the last DEL leaves is
// seen at the next point.
func (k killCase) killedAt(n *network, point int, before, want lab.Snapshot) bool {
	n.t.Helper()
	run := k.start(n, point)
	n.ok(lab.DEL, k.entry)
	n.unchanged(before, "DEL")
	if !run.killed {
		return false
	}
	k.start(n, point)
	n.ok(lab.ADD, k.entry)
	n.ok(lab.CHECK, k.entry)
	if want != nil {
		n.equivalent(want, "ADD")
	}
	n.ok(lab.DEL, k.entry)
	if n.t.Failed() {
		n.t.Logf("killed before call %d", point)
	}
	return true
}
