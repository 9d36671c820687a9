// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"testing"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
)

// shape is one that every kernel has: rates and rules, both directions.
func shape(place conf.Placement) lab.Conf {
	return lab.Conf{
		"placement": place,
		"egress": lab.Conf{"rate": "20mbit", "rules": []lab.Conf{
			{"name": "free", "match": lab.Conf{"cidr": []string{"10.0.6.0/24", "fd00:6::/64"}}},
			{"name": "slow", "match": lab.Conf{"port": 9, "protocol": "udp"}, "rate": "1mbit"},
		}},
		"ingress": lab.Conf{"rate": "30mbit", "rules": []lab.Conf{
			{"match": lab.Conf{"dscp": "ef"}},
		}},
	}
}

// otherShape differs from shape in everything that can differ.
func otherShape(place conf.Placement) lab.Conf {
	return lab.Conf{
		"placement": place,
		"egress":    "rate 5mbit",
		"ingress": lab.Conf{"rate": "40mbit", "rules": []lab.Conf{
			{"match": lab.Conf{"port": "80-90"}, "rate": "10mbit"},
			{"match": lab.Conf{"protocol": "icmp"}},
		}},
	}
}

// each runs fn for every chain and placement that go together.
func each(t *testing.T, fn func(t *testing.T, c chain, place conf.Placement)) {
	for _, c := range chains {
		for _, place := range placements {
			if !c.can(place) {
				continue
			}
			t.Run(c.name+"/"+string(place), func(t *testing.T) {
				t.Parallel()
				fn(t, c, place)
			})
		}
	}
}

// TestLifecycle walks through all verbs and compares the node before and after.
func TestLifecycle(t *testing.T) {
	each(t, func(t *testing.T, c chain, place conf.Placement) {
		n := newNetwork(t, c)
		before := n.snapshot()
		n.ok(lab.DEL, shape(place)) // nerdctl calls it before every ADD
		n.unchanged(before, "DEL without ADD")

		run := n.ok(lab.ADD, shape(place))
		if run.Stdout != string(n.prev) {
			t.Errorf("ADD printed %q, want prevResult %q", run.Stdout, n.prev)
		}
		if run.Stderr != "" {
			t.Errorf("ADD wrote on stderr: %s", run.Stderr)
		}
		once := n.snapshot()
		if once.Diff(before) == "" {
			t.Error("ADD changed nothing")
		}
		n.ok(lab.CHECK, shape(place))
		n.unchanged(once, "CHECK")
		n.ok(lab.ADD, shape(place))
		n.unchanged(once, "a second ADD")

		n.ok(lab.ADD, otherShape(place))
		n.ok(lab.CHECK, otherShape(place))
		wantFailure(t, n.call(lab.CHECK, shape(place)), codeMismatch, "want", "got")
		n.ok(lab.ADD, shape(place))
		n.equivalent(once, "ADD of another shape and of this one")
		for range 3 {
			n.ok(lab.DEL, shape(place))
			n.unchanged(before, "DEL")
		}
	})
}

// TestAddNothing takes a shape away by asking for none.
func TestAddNothing(t *testing.T) {
	for _, place := range placements {
		t.Run(string(place), func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t, ptp)
			before := n.snapshot()
			n.ok(lab.ADD, nil)
			n.unchanged(before, "ADD of nothing")
			n.ok(lab.ADD, shape(place))
			n.ok(lab.ADD, lab.Conf{"placement": place})
			n.unchanged(before, "ADD of nothing after one of a shape")
			n.ok(lab.CHECK, lab.Conf{"placement": place})
		})
	}
}

// TestChangePlacement moves a shape.
func TestChangePlacement(t *testing.T) {
	for _, from := range placements {
		for _, to := range placements {
			if from == to {
				continue
			}
			t.Run(string(from+"-"+to), func(t *testing.T) {
				t.Parallel()
				n := newNetwork(t, ptp)
				before := n.snapshot()
				n.ok(lab.ADD, shape(from))
				n.ok(lab.ADD, shape(to))
				n.ok(lab.CHECK, shape(to))
				n.ok(lab.DEL, shape(to))
				n.unchanged(before, "DEL")
			})
		}
	}
}
