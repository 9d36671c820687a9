// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tcni.dev/e2e/lab"
)

// useIPTables puts one of Debian's two iptables first in the plugin's PATH.
func (n *network) useIPTables(t *testing.T, backend string) func(lab.Verb, lab.Conf) lab.Run {
	t.Helper()
	dir := filepath.Join(n.Dir, backend)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"iptables", "ip6tables"} {
		path, err := exec.LookPath(name + "-" + backend)
		if err != nil {
			t.Fatal(err)
		}
		if path, err = filepath.EvalSymlinks(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return func(verb lab.Verb, entry lab.Conf) lab.Run {
		env := n.Env(verb, n.attach)
		env[0] = strings.Replace(env[0], "PATH=", "PATH="+dir+":", 1)
		run, err := n.Plugin(t.Context(), "tcni", env, n.stdin(entry))
		if err != nil || run.ExitCode != 0 {
			t.Fatalf("%s: %v: exit %d: %s", verb, err, run.ExitCode, run.Stdout)
		}
		return run
	}
}

// TestExemptNode shapes what is forwarded and lets pass what the node itself
// sends. lab's snapshot leaves out tables that hold nothing but built-in chains
// that accept: iptables makes those when it looks for a rule, and nothing can
// remove them.
func TestExemptNode(t *testing.T) {
	for _, backend := range []string{"nft", "legacy"} {
		for _, place := range placements {
			t.Run(backend+"/"+string(place), func(t *testing.T) {
				t.Parallel()
				n := newNetwork(t, ptp)
				call := n.useIPTables(t, backend)
				before := n.snapshot()
				entry := lab.Conf{"placement": place, "exemptNode": true, "egress": "rate 8mbit", "ingress": "rate 8mbit"}
				for range 2 {
					call(lab.ADD, entry)
				}
				call(lab.CHECK, entry)
				for family := range 2 {
					wantLineOf(t, "from the node", n.Node, n.container, n.addrs[family], 20e6)
					n.wantRate("ingress", n.World("payments"), family, 8e6)
				}
				n.wantRate("egress", n.World("payments"), 0, 8e6)
				for range 2 {
					call(lab.DEL, entry)
					n.unchanged(before, "DEL")
				}
			})
		}
	}
}

// TestExemptCheck has CHECK miss a rule that somebody took away.
func TestExemptCheck(t *testing.T) {
	n := newNetwork(t, ptp)
	before := n.snapshot()
	n.ok(lab.ADD, exempted("auto"))
	n.ok(lab.CHECK, exempted("auto"))
	n.tamper(n.Node, "iptables -t mangle -F OUTPUT")
	wantFailure(t, n.call(lab.CHECK, exempted("auto")), codeMismatch, "OUTPUT", "want", "got nothing")
	n.ok(lab.ADD, exempted("auto"))
	n.ok(lab.CHECK, exempted("auto"))
	n.ok(lab.DEL, exempted("auto"))
	n.unchanged(before, "DEL")
}
