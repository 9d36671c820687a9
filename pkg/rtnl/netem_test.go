// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"errors"
	"math"
	"strings"
	"syscall"
	"testing"

	"tcni.dev/pkg/dist"
	"tcni.dev/pkg/tc"
)

// netems are the arguments of netem that must come back from the kernel as
// they went in, and be reached from each other by a change.
var netems = []string{
	"limit 1000",
	"limit 5000 delay 100ms",
	"limit 1000 delay 1ns",
	"limit 1000 delay 500us 100us 25%",
	"limit 1000 delay 1h 2s",
	"limit 1000 delay 20ms 5ms distribution normal",
	"limit 1000 delay 20ms 5ms 10% distribution pareto",
	"limit 1000 delay 20ms 5ms distribution paretonormal",
	"limit 1000 loss 1%",
	"limit 1000 loss 0.0000001% 25%",
	"limit 1000 loss 100%",
	"limit 1000 loss state 1% 90% 2% 80% 0.5%",
	"limit 1000 loss state 1% 99% 0% 100% 0%",
	"limit 1000 loss gemodel 1% 10% 70% 0.1%",
	"limit 1000 loss gemodel 1% 99% 100% 0%",
	"limit 1000 loss 5% ecn",
	"limit 1000 duplicate 3% 10%",
	"limit 1000 corrupt 0.1% 5%",
	"limit 1000 delay 10ms reorder 25% 50% gap 5",
	"limit 1000 delay 10ms reorder 25% gap 1",
	"limit 1000 rate 1mbit",
	"limit 1000 rate 100mbit 24 53 -5",
	"limit 1000 rate 34359738352bit -14",
	"limit 1000 rate 34359738368bit",
	"limit 1000 rate 10tbit",
	"limit 1000 slot 10ms 20ms packets 32 bytes 65536",
	"limit 1000 slot 800us 800us",
	"limit 1000 slot distribution normal 10ms 2ms packets 5",
	"limit 1000 delay 30ms 3ms 10% distribution normal loss gemodel 2% 30% 100% 0% duplicate 1% corrupt 0.5% reorder 5% 10% gap 3 rate 20mbit 4",
}

func parseNetem(t testing.TB, args string) tc.Netem {
	t.Helper()
	n, err := tc.ParseNetem(tc.NewWords(strings.Replace(args, "1h", "3600s", 1)))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func netemAt(n tc.Netem) tc.Qdisc {
	return tc.Qdisc{Parent: tc.HandleRoot, Handle: tc.MakeHandle(0x7c00, 0), Spec: n}
}

// sameNetem compares what a dump tells. The kernel always shows a seed, its own
// where none was asked for.
func sameNetem(have tc.Spec, want tc.Netem) bool {
	h, ok := have.(tc.Netem)
	if !want.Seed.Set {
		h.Seed = tc.Seed{}
	}
	return ok && tc.Equal(netemAt(h), netemAt(want))
}

func rootSpec(t testing.TB, c *Conn, dev Device) tc.Spec {
	t.Helper()
	tree, err := c.Dump(dev)
	if err != nil {
		t.Fatal(err)
	}
	q, ok := tree.Root()
	if !ok {
		t.Fatalf("no root qdisc in %v", tree)
	}
	return q.Spec
}

func TestNetemRoundTrip(t *testing.T) {
	_, c, dev := lab(t)
	needNetem(t, c)
	for _, args := range netems {
		q := netemAt(parseNetem(t, args))
		if err := c.Apply(dev, []tc.Op{{Verb: tc.Add, Object: q}}); err != nil {
			t.Fatal(err)
		}
		if have := rootSpec(t, c, dev); !sameNetem(have, q.Spec.(tc.Netem)) {
			t.Errorf("add: want %s\n got %s", q.Spec.Args(), have.Args())
		}
		if err := c.Apply(dev, []tc.Op{{Verb: tc.Delete, Object: q}}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestNetemChange changes every netem into every other.
func TestNetemChange(t *testing.T) {
	_, c, dev := lab(t)
	needNetem(t, c)
	q := netemAt(tc.Netem{Limit: 1})
	if err := c.Apply(dev, []tc.Op{{Verb: tc.Add, Object: q}}); err != nil {
		t.Fatal(err)
	}
	for _, from := range netems {
		for _, to := range netems {
			have := q.Spec
			for _, args := range []string{from, to} {
				next := netemAt(parseNetem(t, args))
				if err := c.Apply(dev, []tc.Op{{Verb: tc.Change, Object: next, Have: netemAt(have.(tc.Netem))}}); err != nil {
					t.Fatal(err)
				}
				have = rootSpec(t, c, dev)
				if !sameNetem(have, next.Spec.(tc.Netem)) {
					t.Fatalf("from %q to %q\ngot %s", from, to, have.Args())
				}
			}
		}
	}
}

func TestNetemSeed(t *testing.T) {
	_, c, dev := lab(t)
	needNetem(t, c)
	q := netemAt(tc.Netem{Limit: 100, Seed: tc.Seed{Set: true, Value: math.MaxUint64 - 1}})
	err := c.Apply(dev, []tc.Op{{Verb: tc.Add, Object: q}})
	if errors.Is(err, syscall.EOPNOTSUPP) {
		if !strings.Contains(err.Error(), "6.6") {
			t.Errorf("no hint: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if have := rootSpec(t, c, dev); !sameNetem(have, q.Spec.(tc.Netem)) {
		t.Errorf("got %s", have.Args())
	}
}

func TestNetemUserTable(t *testing.T) {
	_, c, dev := lab(t)
	needNetem(t, c)
	tests := []struct {
		name  string
		table tc.Table
		bad   string
	}{
		{"one sample", tc.Table("\x00\x20"), ""},
		{"longest", dist.FromQuantiles(make([]float64, dist.MaxSamples)), ""},
		{"too long", dist.FromQuantiles(make([]float64, dist.MaxSamples+1)), "table of 32770 bytes"},
		{"odd", "abc", "table of 3 bytes"},
		{"none", "", "has no table"},
	}
	for _, tt := range tests {
		q := netemAt(tc.Netem{Delay: tc.Millisecond, Jitter: tc.Microsecond, Distribution: tc.Distribution{Name: "mine", Table: tt.table}})
		err := c.Apply(dev, []tc.Op{{Verb: tc.Replace, Object: q}})
		if tt.bad == "" && err != nil || tt.bad != "" && (err == nil || !strings.Contains(err.Error(), tt.bad)) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.bad)
		}
	}
}

// TestNetemMissing says what is missing where netem is, and is not run elsewhere.
func TestNetemMissing(t *testing.T) {
	_, c, dev := lab(t)
	if ok, err := c.Probe("netem"); err != nil || ok {
		t.Skip("the kernel has netem")
	}
	err := c.Apply(dev, []tc.Op{{Verb: tc.Add, Object: netemAt(tc.Netem{Delay: 100 * tc.Millisecond})}})
	const want = "tc qdisc add dev eth0 root handle 7c00: netem delay 100ms: netem is not in this kernel: modprobe sch_netem (RHEL: package kernel-modules-extra; Ubuntu: linux-modules-extra-$(uname -r))"
	if err == nil || err.Error() != want || !errors.Is(err, syscall.ENOENT) {
		t.Errorf("got %v\nwant %s", err, want)
	}
}
