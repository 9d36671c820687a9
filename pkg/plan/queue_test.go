// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"slices"
	"testing"

	"tcni.dev/conf"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// bounded plans an egress whose queues are bounded, on a device with an MTU.
func bounded(t *testing.T, egress string, bound tc.Size, mtu uint32) *plan.Plan {
	t.Helper()
	d, _, err := conf.ParseDirection(egress)
	if err != nil {
		t.Fatal(err)
	}
	f := facts()
	f.MaxQueue, f.Container.MTU = bound, mtu
	p, err := plan.Build(conf.Shape{Egress: d}, f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestBoundIsTold holds the warning of a queue that the bound makes too short to
// the rate that it carries.
func TestBoundIsTold(t *testing.T) {
	for _, c := range []struct {
		egress string
		bound  tc.Size
		mtu    uint32
		want   []string
	}{
		{"delay 10s", 64 * tc.MB, 65535, []string{"egress: a delay of 10s holds at most 1011 packets (policy.maxQueue 64mb): above about 53mbit, packets are lost"}},
		{"delay 3600s", tc.MaxSize, 1500, []string{"egress: a delay of 3600s holds at most 1864135 packets (policy.maxQueue 4294967295b): above about 6.2mbit, packets are lost"}},
		{"delay 9s", tc.MB, 1500, []string{"egress: a delay of 9s holds at most 455 packets (policy.maxQueue 1mb): above about 610kbit, packets are lost"}},
		{"delay 1ms", tc.Byte, 1500, []string{"egress: a delay of 1ms holds at most 1 packets (policy.maxQueue 1b): above about 12mbit, packets are lost"}},
		{"delay 100ms", 64 * tc.MB, 1500, nil}, // above 3.5 Gbit/s, which few send
		{"loss 1%", tc.MB, 1500, nil},          // holds nothing
	} {
		if got := bounded(t, c.egress, c.bound, c.mtu).Warnings; !slices.Equal(got, c.want) {
			t.Errorf("%s with %v: got %q, want %q", c.egress, c.bound, got, c.want)
		}
	}
}

// TestBoundHolds wants packets to be split where they could fill a netem beyond
// the bound, and there alone; and a netem never to hold more of the longest.
func TestBoundHolds(t *testing.T) {
	for _, c := range []struct {
		egress string
		bound  tc.Size
		splits bool
	}{
		{"delay 13ms", 64 * tc.MB, false},
		{"delay 14ms", 64 * tc.MB, true},
		{"delay 10ms 1ms distribution normal", 64 * tc.MB, true},
		{"delay 800ms", 4*tc.GB - 1, false},
		{"delay 900ms", 4*tc.GB - 1, true},
		{"delay 1ms", tc.MB, true},
		{"rate 2gbit delay 100ms", 64 * tc.MB, true},
	} {
		for _, o := range bounded(t, c.egress, c.bound, 9000).Trees[0].Objects {
			q, _ := o.(tc.Qdisc)
			switch spec := q.Spec.(type) {
			case tc.TBF:
				if splits := spec.Burst == 9040; splits != c.splits {
					t.Errorf("%s with %v: splits %v", c.egress, c.bound, splits)
				}
			case tc.Netem:
				if held := tc.Size(spec.Limit) * 9014; held > c.bound {
					t.Errorf("%s with %v: holds up to %v", c.egress, c.bound, held)
				}
			}
		}
	}
}
