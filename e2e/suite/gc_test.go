// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"strings"
	"testing"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
)

// validKey is the runtime's list of attachments (CNI SPEC 1.1.0, GC).
const validKey = "cni.dev/valid-attachments"

// gcEnv is the environment of a GC: there is no container.
func (n *network) gc(entry lab.Conf) lab.Run {
	n.t.Helper()
	entry["prevResult"] = nil
	return n.run(lab.GC, lab.Attachment{}, n.stdin(entry))
}

func named(n ...*network) []lab.Conf {
	list := []lab.Conf{}
	for _, n := range n {
		list = append(list, lab.Conf{"containerID": n.attach.ContainerID, "ifname": n.attach.IfName})
	}
	return list
}

// TestGC has three attachments, one of them in another network.
func TestGC(t *testing.T) {
	const all, none = "abc", ""
	for _, tt := range []struct {
		name  string
		entry func(a, b *network) lab.Conf
		kept  string
	}{
		{"absent", func(a, b *network) lab.Conf { return lab.Conf{} }, all},
		{"null", func(a, b *network) lab.Conf { return lab.Conf{validKey: null} }, "c"},
		{"empty", func(a, b *network) lab.Conf { return lab.Conf{validKey: []lab.Conf{}} }, "c"},
		{"one", func(a, b *network) lab.Conf { return lab.Conf{validKey: named(b)} }, "bc"},
		{"all", func(a, b *network) lab.Conf { return lab.Conf{validKey: named(a, b)} }, all},
		{"other interface", func(a, b *network) lab.Conf {
			return lab.Conf{validKey: []lab.Conf{{"containerID": "a", "ifname": "net1"}}}
		}, "c"},
	} {
		for _, place := range placements {
			t.Run(tt.name+"/"+string(place), func(t *testing.T) {
				t.Parallel()
				a := newNamed(t, "a")
				b, c := join(t, a.Lab, ptp, "1.1.0", "b"), join(t, a.Lab, ptp, "1.1.0", "c")
				other := exempted(place)
				other["name"] = "elsewhere"
				a.ok(lab.ADD, exempted(place))
				b.ok(lab.ADD, exempted(place))
				c.ok(lab.ADD, other)
				want := a.snapshot()
				run := a.gc(tt.entry(a, b))
				if run.ExitCode != 0 || run.Stdout != "" {
					t.Fatalf("GC: exit %d: %s%s", run.ExitCode, run.Stdout, run.Stderr)
				}
				for _, n := range []*network{a, b} {
					n.wantKept(exempted(place), strings.Contains(tt.kept, n.container.Name))
				}
				c.wantKept(other, true)
				if tt.kept == all {
					a.unchanged(want, "GC")
				}
			})
		}
	}
}

// null is JSON's; nil takes a key away (see stdin).
var null = lab.Conf(nil)

func newNamed(t *testing.T, name string) *network {
	n := newNetwork(t, ptp)
	return join(t, n.Lab, ptp, "1.1.0", name)
}

// wantKept tells whether an attachment is as ADD left it, or nothing is left of it.
func (n *network) wantKept(entry lab.Conf, kept bool) {
	n.t.Helper()
	run := n.call(lab.CHECK, entry)
	if kept {
		if run.ExitCode != 0 {
			n.t.Errorf("%s is gone: %s", n.container.Name, run.Stdout)
		}
		return
	}
	if run.ExitCode == 0 {
		n.t.Errorf("%s is still there", n.container.Name)
	}
	before := n.snapshot()
	n.ok(lab.DEL, entry)
	n.unchanged(before, "DEL of "+n.container.Name+" after GC")
}

// TestGCWithoutRecords goes by what is in the kernel, and takes what a container
// that has gone left.
func TestGCWithoutRecords(t *testing.T) {
	for _, place := range placements {
		t.Run(string(place), func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t, ptp)
			n.ok(lab.ADD, shape(place))
			removeRecord(n)
			if err := n.RemoveContainer("web"); err != nil {
				t.Fatal(err)
			}
			if run := n.gc(lab.Conf{validKey: []lab.Conf{}}); run.ExitCode != 0 {
				t.Fatalf("GC: exit %d: %s", run.ExitCode, run.Stdout)
			}
			n.waitGone()
		})
	}
}

// TestGCGarbage gives no list.
func TestGCGarbage(t *testing.T) {
	n := newNetwork(t, ptp)
	n.ok(lab.ADD, shape(conf.PlaceAuto))
	want := n.snapshot()
	for _, garbage := range []any{7, "all", lab.Conf{"containerID": "web"}, []int{1}} {
		wantFailure(t, n.gc(lab.Conf{validKey: garbage}), codeDecode, validKey)
		n.unchanged(want, "GC")
	}
}
