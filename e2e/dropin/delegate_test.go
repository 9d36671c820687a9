// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"tcni.dev/e2e/lab"
)

func encode(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// alone is a network of tcni and its delegate.
func alone(t *testing.T, version string) []byte {
	t.Helper()
	list, err := lab.Conflist("shaped", version, lab.Conf{
		"type": "tcni", "delegate": lab.PTP(), "egress": "rate 4mbit", "ingress": "rate 8mbit",
		"exemptNode": version == "0.2.0", // whose results have their addresses elsewhere
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestDelegate walks through the verbs of libcni, in every version.
func TestDelegate(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"0.1.0", "0.2.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			n := newNode(t)
			n.attach.Args = [][2]string{{"IgnoreUnknown", "1"}, {"TCNI_EGRESS", "rate 4mbit"}}
			list := alone(t, version)
			before := n.snapshot()
			out := n.add(list)
			if len(out.Result.IPs) != 2 {
				t.Errorf("the result has the addresses %v, want two", out.Result.IPs)
			}
			if version == "0.2.0" || version == "1.1.0" {
				n.egress(4e6)
				n.ingress(8e6)
			}
			if version >= "0.4.0" {
				if err := n.check(list); err != nil {
					t.Errorf("CHECK: %v", err)
				}
			}
			if version >= "1.1.0" {
				n.statusAndGC(list, before)
			} else {
				n.del(list)
			}
			n.wantSame(before, "DEL")
		})
	}
}

// statusAndGC ends an attachment by GC; libcni first calls DEL for what it has
// in its cache.
func (n *node) statusAndGC(list []byte, before lab.Snapshot) {
	t := n.t
	t.Helper()
	if _, err := n.Status(t.Context(), list); err != nil {
		t.Errorf("STATUS: %v", err)
	}
	with := n.snapshot()
	if _, err := n.GC(t.Context(), list, n.attach); err != nil {
		t.Errorf("GC of what is valid: %v", err)
	}
	n.wantSame(with, "GC of what is valid")
	if _, err := n.GC(t.Context(), list); err != nil {
		t.Errorf("GC: %v", err)
	}
}

// TestDelegateRollback: a delegate's interface does not outlive a failure of ours.
func TestDelegateRollback(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	before := n.snapshot()
	records := func(do func() error) {
		t.Helper()
		if err := n.Node.Do(do); err != nil {
			t.Fatal(err)
		}
	}
	records(func() error { return os.WriteFile(lab.RecordDir, nil, 0o644) })
	entry := encode(t, lab.Conf{"cniVersion": "1.1.0", "name": "shaped", "type": "tcni", "delegate": lab.PTP(), "egress": "rate 4mbit"})
	run, err := n.Plugin(t.Context(), "tcni", n.Env(lab.ADD, n.attach), entry)
	if err != nil || run.ExitCode == 0 || !strings.Contains(run.Stdout, `"code": 5`) {
		t.Errorf("ADD: exit %d: %s, %v", run.ExitCode, run.Stdout, err)
	}
	records(func() error { return os.Remove(lab.RecordDir) })
	n.wantSame(before, "a failed ADD")
}

// TestCompanion shapes another network's interface, and takes nothing of it away.
func TestCompanion(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	first := n.chain("1.1.0")
	n.add(first)
	plain := n.snapshot()
	second, err := lab.Conflist("weather", "1.1.0", lab.Conf{"type": "tcni", "target": "eth0", "egress": "rate 4mbit", "ingress": "rate 8mbit"})
	if err != nil {
		t.Fatal(err)
	}
	companion := n.attach
	companion.IfName = "net1"
	out, err := n.Add(t.Context(), second, companion)
	if err != nil || len(out.Result.IPs)+len(out.Result.Interfaces) > 0 {
		t.Fatalf("got %+v, %v", out.Result, err)
	}
	shaped := n.snapshot()
	n.egress(4e6)
	n.ingress(8e6)
	if _, err := n.Check(t.Context(), second, companion); err != nil {
		t.Errorf("CHECK: %v", err)
	}
	if _, err := n.GC(t.Context(), second, companion); err != nil {
		t.Errorf("GC: %v", err)
	}
	n.wantSame(shaped, "GC of what is valid")
	for range 2 {
		if _, err := n.Del(t.Context(), second, companion); err != nil {
			t.Errorf("DEL: %v", err)
		}
		n.wantSame(plain, "DEL")
	}
	if _, err := n.Add(t.Context(), second, companion); err != nil {
		t.Fatal(err)
	}
	if _, err := n.GC(t.Context(), second); err != nil {
		t.Errorf("GC: %v", err)
	}
	n.wantSame(plain, "GC of all")
}

// TestCompanionOfShaped is refused, and neither its ADD nor its DEL harms what
// is there.
func TestCompanionOfShaped(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.add(alone(t, "1.1.0"))
	shaped := n.snapshot()
	second, err := lab.Conflist("weather", "1.1.0", lab.Conf{"type": "tcni", "target": "eth0", "egress": "rate 1mbit"})
	if err != nil {
		t.Fatal(err)
	}
	companion := n.attach
	companion.IfName = "net1"
	_, err = n.Add(t.Context(), second, companion)
	wantCode(t, err, 101, "target: eth0 is shaped by network shaped already")
	if _, err := n.Del(t.Context(), second, companion); err != nil {
		t.Errorf("DEL: %v", err)
	}
	n.wantSame(shaped, "a refused companion's DEL")
	if err := n.check(alone(t, "1.1.0")); err != nil {
		t.Errorf("CHECK of the first: %v", err)
	}
}
