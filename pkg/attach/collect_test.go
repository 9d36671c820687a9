// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCollect(t *testing.T) {
	n := newNode(t)
	before := n.seen()
	a := n.attachment(rates + `,"placement":"host"`)
	n.add(a)
	there := n.seen()
	for _, c := range []struct {
		name    string
		network string
		valid   []Identity
	}{
		{"named", "net", []Identity{a.Identity}},
		{"of another network", "other", nil},
	} {
		if err := Collect(c.network, c.valid, false, n.records); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(there, n.seen()); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	if err := Collect("net", []Identity{{"net", "c2", "eth0"}}, false, n.records); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(before, n.seen()); diff != "" {
		t.Errorf("left behind: %s", diff)
	}
}

// adopted is the container as tcnictl set and play have it where ADD asked for
// nothing: known by libcni's cache, with a record of the companion's.
func (n *node) adopted() (_ Known, cache string) {
	n.t.Helper()
	cache = n.t.TempDir()
	info := fmt.Sprintf(`{"kind":"cniCacheV1","containerId":"c1","ifName":"eth0","networkName":"net","netns":%q}`, n.pod)
	if err := os.WriteFile(cache+"/net-c1-eth0", []byte(info), 0o600); err != nil {
		n.t.Fatal(err)
	}
	known, err := Unshaped([]string{cache}, nil)
	if err != nil || len(known) != 1 {
		n.t.Fatalf("unshaped: %v, %v", known, err)
	}
	if err := n.records.Adopt(known[0]); err != nil {
		n.t.Fatal(err)
	}
	s, err := n.records.Open(n.t.Context(), known[0].Mark)
	if err != nil {
		n.t.Fatal(err)
	}
	defer s.Close()
	now := time.Now()
	if _, err := s.Set(egress(n.t, "rate 7mbit"), now); err != nil {
		n.t.Fatal(err)
	}
	if _, _, err := s.Push(egress(n.t, "rate 9mbit"), ByPlay, now, time.Time{}); err != nil {
		n.t.Fatal(err)
	}
	if err := s.step(n.t, "rate 3mbit"); err != nil { // of a player that is killed
		n.t.Fatal(err)
	}
	return known[0], cache
}

// TestCollectCompanion collects what tcnictl has recorded as what ADD has: where
// the runtime names the attachment, it stays.
func TestCollectCompanion(t *testing.T) {
	n := newNode(t)
	before := n.seen()
	k, cache := n.adopted()
	there := n.seen()
	if there == before {
		t.Fatal("nothing was set")
	}
	for _, c := range []struct {
		network string
		valid   []Identity
		want    string
	}{
		{"net", []Identity{k.Record.Identity}, there},
		{"other", nil, there},
		{"net", nil, before},
	} {
		if err := Collect(c.network, c.valid, false, n.records); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(c.want, n.seen()); diff != "" {
			t.Errorf("%s without all but %v: %s", c.network, c.valid, diff)
		}
	}
	if again, err := Unshaped([]string{cache}, nil); err != nil || len(again) != 1 {
		t.Errorf("is not known as unshaped then: %v, %v", again, err)
	}
}

// TestCollectEndedCompanion collects the record of a container that has ended
// without DEL: the namespace and both ends of the interface are gone.
func TestCollectEndedCompanion(t *testing.T) {
	n := newNode(t)
	k, _ := n.adopted()
	rec, err := n.records.Read(k.Mark)
	if err != nil {
		t.Fatal(err)
	}
	rec.Netns = "/nowhere"
	if err := write(n.records, rec); err != nil {
		t.Fatal(err)
	}
	n.ip("link del veth0")
	if err := Collect("net", nil, false, n.records); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(n.records.Dir); !os.IsNotExist(err) {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
