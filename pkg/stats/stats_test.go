// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/stats/metrics"
	"tcni.dev/pkg/tc"
	"tcni.dev/pkg/view"
)

func handle(t *testing.T, s string) tc.Handle {
	t.Helper()
	h, err := tc.ParseHandle(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestCounts(t *testing.T) {
	class := rtnl.Stats{Kind: "htb", Class: true, Parent: handle(t, "7c00:1"), Handle: handle(t, "7c00:3"), Packets: 900, Bytes: 90000, Drops: 7, Queued: 12, Backlog: 1200}
	tbf := rtnl.Stats{Kind: "tbf", Parent: handle(t, "7c00:3"), Handle: handle(t, "3003:"), Drops: 90, Queued: 12, Backlog: 1200}
	netem := rtnl.Stats{Kind: "netem", Parent: handle(t, "3003:1"), Handle: handle(t, "1003:"), Drops: 100, Queued: 12, Backlog: 1200}
	fifo := rtnl.Stats{Kind: "bfifo", Parent: handle(t, "1003:1"), Handle: handle(t, "5003:"), Drops: 40, Queued: 5, Backlog: 500}
	counting := netem
	counting.App = make([]byte, 56)
	counting.App[0], counting.App[8], counting.App[16], counting.App[24], counting.App[32] = 9, 50, 3, 4, 5
	for _, c := range []struct {
		name string
		raw  []rtnl.Stats
		want view.Counts
	}{
		{"all three", []rtnl.Stats{class, tbf, netem, fifo}, view.Counts{Packets: 900, Bytes: 90000,
			Drops: view.Drops{Loss: 60, Buffer: 40, Total: 100}, BacklogPackets: 12, BacklogBytes: 1200, QueueDelay: 0.004}},
		{"netem that counts", []rtnl.Stats{class, tbf, counting, fifo}, view.Counts{Packets: 900, Bytes: 90000,
			Drops: view.Drops{Loss: 50, Queue: 10, Buffer: 40, Total: 100}, BacklogPackets: 12, BacklogBytes: 1200, QueueDelay: 0.004,
			Netem: &view.Netem{Delayed: 9, Corrupted: 3, Duplicated: 4, Reordered: 5}}},
		{"a rate alone", []rtnl.Stats{class, tbf}, view.Counts{Packets: 900, Bytes: 90000,
			Drops: view.Drops{Buffer: 90, Total: 90}, BacklogPackets: 12, BacklogBytes: 1200, QueueDelay: 0.0096}},
	} {
		got := index(c.raw).counts(class, tc.Mbit)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestClasses(t *testing.T) {
	p := &plan.Plan{Classes: []plan.ClassUse{
		{Direction: "egress", Class: handle(t, "7c00:3")},
		{Direction: "egress", Class: handle(t, "7c00:10")},
		{Direction: "egress", Rule: "dns", Class: handle(t, "7c00:2")},
		{Direction: "egress", Rule: "shop", Class: handle(t, "7c00:10")},
		{Direction: "ingress", Class: handle(t, "7c00:3")},
	}}
	var got []string
	for _, u := range classes("egress", p) {
		got = append(got, u.handle.String()+" "+strings.Join(u.rules, ","))
	}
	if diff := cmp.Diff([]string{"7c00:3 default", "7c00:10 rules[0],shop", "7c00:2 unshaped,dns"}, got); diff != "" {
		t.Error(diff)
	}
}

func reading(at time.Time, packets uint64) []view.Stats {
	c := view.Counts{Packets: packets, Bytes: packets * 100, Netem: &view.Netem{}}
	return []view.Stats{{Name: "default/web", Mark: "tcni-x", Network: "net", IfName: "eth0", Time: at, Directions: []view.Direction{
		{Direction: "egress", Total: c, Classes: []view.Class{{Class: "7c00:3", Rules: []string{"default"}, Counts: c}}},
	}}}
}

func TestRates(t *testing.T) {
	now := time.Now()
	before, after := reading(now, 1000), reading(now.Add(2*time.Second), 1500)
	Rates(before, after)
	if diff := cmp.Diff(&view.Rates{Packets: 250, Bits: 200000}, after[0].Directions[0].Classes[0].Rates); diff != "" {
		t.Error(diff)
	}
	again := reading(now.Add(3*time.Second), 10)
	Rates(after, again)
	if r := again[0].Directions[0].Total.Rates; r != nil {
		t.Errorf("a new queue has a rate: %v", r)
	}
}

// TestDuplicates holds that what netem has made did not come, for a class as for
// the rule that has it alone.
func TestDuplicates(t *testing.T) {
	c := view.Class{Rules: []string{"a"}, Counts: view.Counts{Packets: 150, Drops: view.Drops{Total: 5}, BacklogPackets: 2, Netem: &view.Netem{Duplicated: 50}}}
	if got, want := c.Offered(), uint64(107); got != want || rule("a", c, attach.Taken{}).Packets != want {
		t.Errorf("%d came, %d for the rule: want %d", got, rule("a", c, attach.Taken{}).Packets, want)
	}
}

func TestMetrics(t *testing.T) {
	var b bytes.Buffer
	if err := metrics.Write(&b, append(reading(time.Now(), 7), view.Stats{Name: "gone", Error: "gone"})); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	problems, err := promlint.New(&b).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	want := `tcni_packets_total{class="7c00:3",container_id="",direction="egress",interface="eth0",namespace="",network="net",pod="",rules="default"} 7`
	if !strings.Contains(text, want) {
		t.Errorf("no %s in\n%s", want, text)
	}
}
