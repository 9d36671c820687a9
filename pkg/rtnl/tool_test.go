// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"tcni.dev/pkg/tc"
)

// The tests in this file hold the package against tc(8) itself.

// volatile is what depends on what ran before.
var volatile = regexp.MustCompile(`refcnt \d+|index \d+ ref \d+ bind \d+|direct_packets_stat \d+`)

func show(t *testing.T, ns *netns) string {
	t.Helper()
	var out strings.Builder
	for _, what := range []string{"qdisc", "class", "filter"} {
		out.WriteString(ns.run(t, "tc -d "+what+" show dev eth0"))
	}
	for _, hook := range []string{"ingress", "egress"} {
		text, _ := ns.try("tc -d filter show dev eth0 " + hook)
		out.WriteString(text)
	}
	return volatile.ReplaceAllString(out.String(), "")
}

// near makes the bursts of want those of have where they differ by no more than
// a microsecond of their rate, to which tc(8) cuts them.
func near(have, want tc.Tree) tc.Tree {
	out := want
	out.Objects = append([]tc.Object(nil), want.Objects...)
	for i, o := range out.Objects {
		switch o := o.(type) {
		case tc.Class:
			if h, ok := have.Find(o.Slot()).(tc.Class); ok {
				o.HTB.Burst = nearBurst(o.HTB.Rate, h.HTB.Burst, o.HTB.Burst)
				o.HTB.Cburst = nearBurst(o.HTB.Ceil, h.HTB.Cburst, o.HTB.Cburst)
				out.Objects[i] = o
			}
		case tc.Qdisc:
			h, _ := have.Find(o.Slot()).(tc.Qdisc)
			o.Spec = nearSpec(h.Spec, o.Spec)
			out.Objects[i] = o
		}
	}
	return out
}

func nearSpec(have, want tc.Spec) tc.Spec {
	switch w := want.(type) {
	case tc.TBF:
		if h, ok := have.(tc.TBF); ok {
			w.Burst = nearBurst(w.Rate, h.Burst, w.Burst)
		}
		return w
	case tc.Netem: // iproute2 6.1 counts in microseconds, and cuts them to ticks
		if h, ok := have.(tc.Netem); ok {
			w.Delay, w.Jitter = nearTime(h.Delay, w.Delay), nearTime(h.Jitter, w.Jitter)
		}
		return w
	}
	return want
}

func nearTime(have, want tc.Time) tc.Time {
	if d := want - have; max(d, -d) <= tc.Microsecond {
		return have
	}
	return want
}

func nearBurst(r tc.Rate, have, want tc.Size) tc.Size {
	if d := want - have; max(d, -d) <= r.BytesIn(tc.Microsecond)+1 {
		return have
	}
	return want
}

// TestToolMakesTheSame feeds a tree's lines to tc(8) and compares the dump; then
// applies the tree and compares what tc(8) shows.
func TestToolMakesTheSame(t *testing.T) {
	for _, tt := range roundTrips {
		t.Run(strings.ReplaceAll(tt.name, " ", "_"), func(t *testing.T) {
			compareWithTool(t, parse(t, tt.text))
		})
	}
}

func TestToolMakesTheSameNetem(t *testing.T) {
	_, c, _ := lab(t)
	needNetem(t, c)
	for _, args := range netems {
		if strings.Contains(args, "distribution") || strings.Contains(args, "1h") || strings.Contains(args, "1ns") {
			continue // iproute2's tables may not be installed; times of 6.1 are 1us..274s
		}
		if args == "limit 1000 duplicate 3% 10%" {
			continue // iproute2 sends no correlation of duplicates where there is no other
		}
		n := parseNetem(t, args)
		compareWithTool(t, tc.Tree{Device: "eth0", Objects: []tc.Object{netemAt(n)}})
	}
}

func TestToolMakesTheSameRandom(t *testing.T) {
	for seed := range uint64(8) {
		g := &gen{Rand: rand.New(rand.NewPCG(seed, 1))}
		compareWithTool(t, plainBursts(g.tree()))
	}
}

// plainBursts makes all bursts a millisecond long or so: tc(8) wraps at 268 s
// and computes a burst of its own for 0.
func plainBursts(tree tc.Tree) tc.Tree {
	for i, o := range tree.Objects {
		if c, ok := o.(tc.Class); ok {
			c.HTB.Burst = tc.RoundBurst(c.HTB.Rate, c.HTB.Rate.BytesIn(tc.Millisecond)+1)
			c.HTB.Cburst = tc.RoundBurst(c.HTB.Ceil, c.HTB.Ceil.BytesIn(tc.Millisecond)+1)
			tree.Objects[i] = c
		}
	}
	return tree
}

func compareWithTool(t *testing.T, want tc.Tree) {
	t.Helper()
	ns, c, dev := lab(t)
	if err := c.Apply(dev, adds(want)); err != nil {
		t.Fatal(err)
	}
	wantTree(t, c, dev, want)
	ours := show(t, ns)

	ns, c, dev = lab(t)
	for _, line := range want.Lines() {
		ns.run(t, line)
	}
	have, err := c.Dump(dev)
	if err != nil {
		t.Fatal(err)
	}
	if ops, err := tc.Diff(withoutSeed(have), near(have, want), everything); err != nil || len(ops) > 0 {
		t.Errorf("tc made something else: %v, %v", ops, err)
	}
	if theirs := show(t, ns); cutBursts(ours) != cutBursts(theirs) {
		t.Errorf("tc shows for its own:\n%s\nand for ours:\n%s", theirs, ours)
	}
}

func withoutSeed(tree tc.Tree) tc.Tree {
	for i, o := range tree.Objects {
		if q, ok := o.(tc.Qdisc); ok {
			if n, ok := q.Spec.(tc.Netem); ok {
				n.Seed = tc.Seed{}
				q.Spec = n
				tree.Objects[i] = q
			}
		}
	}
	return tree
}

var bursts = regexp.MustCompile(`c?burst \S+|seed \d+|delay +\S+( +[0-9.]+[mnu]?s)?`)

// cutBursts takes out what tc(8) rounds and what the kernel draws.
func cutBursts(s string) string { return bursts.ReplaceAllString(s, "") }
