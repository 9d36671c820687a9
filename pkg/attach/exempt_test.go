// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRemoveWhereIptablesCannotRun holds that a host without iptables lets DEL
// pass: nothing can have been made there.
func TestRemoveWhereIptablesCannotRun(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if err := removeExemption(Identity{"net", "c1", "eth0"}.Mark()); err != nil {
		t.Error(err)
	}
}

const exempting = `"exemptNode":true,` + rates

// exemptNode is a node that reaches its container.
func exemptNode(t *testing.T) *node {
	n := newNode(t)
	n.ip("addr add 10.9.0.1/24 dev veth0")
	return n
}

// mangle is what there is of iptables' rules, but for the table itself.
func (n *node) mangle() string {
	n.t.Helper()
	var rules []string
	for line := range strings.Lines(n.run("iptables-save -t mangle")) {
		if strings.HasPrefix(line, "-A") || strings.HasPrefix(line, ":TCNI") {
			rules = append(rules, line)
		}
	}
	return strings.Join(rules, "")
}

// TestExemptionEnds takes it back when the entry says nothing of it any more.
func TestExemptionEnds(t *testing.T) {
	for _, with := range []string{"DEL", "ADD", "ADD of nothing"} {
		n := exemptNode(t)
		n.add(n.attachment(exempting))
		if n.mangle() == "" {
			t.Fatal("nothing is exempted")
		}
		switch with {
		case "DEL":
			n.remove(n.attachment(rates))
		case "ADD":
			n.add(n.attachment(rates))
		default:
			n.add(n.attachment(`"placement":"auto"`))
		}
		if left := n.mangle(); left != "" {
			t.Errorf("%s leaves %s", with, left)
		}
	}
}

// TestExemptWithoutIptables says what is missing, and leaves nothing.
func TestExemptWithoutIptables(t *testing.T) {
	n := exemptNode(t)
	before := n.seen()
	path := os.Getenv("PATH")
	t.Setenv("PATH", t.TempDir())
	_, err := Add(n.attachment(exempting), n.records)
	t.Setenv("PATH", path)
	if !errors.Is(err, ErrExempt) || !strings.Contains(err.Error(), "install it, or leave exemptNode out") {
		t.Error(err)
	}
	if diff := cmp.Diff(before, n.seen()); diff != "" {
		t.Errorf("left behind: %s", diff)
	}
}

// TestAddWithoutARecord takes back what an ADD before has left, too.
func TestAddWithoutARecord(t *testing.T) {
	n := newNode(t)
	before := n.seen()
	a := n.attachment(rates)
	n.add(a)
	if err := os.RemoveAll(n.records.Dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(n.records.Dir, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Add(a, n.records); !errors.Is(err, ErrRecord) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
	if err := os.Remove(n.records.Dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, n.seen()); diff != "" {
		t.Errorf("left behind: %s", diff)
	}
}
