// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

// payments is the world's address (lab.DefaultWorlds).
var payments = netip.MustParseAddr("10.0.5.10")

// node is a lab with the two worlds, where a runtime is brought up.
type node struct {
	*lab.Lab
	t       *testing.T
	clients string
	plugins string // directory of those that the node has
}

func newNode(t *testing.T) *node {
	t.Helper()
	labtest.RequireRoot(t)
	clients, err := Clients(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := &node{t: t, clients: clients, plugins: plugins(t, filepath.Join(clients, "multus"))}
	n.Lab = labtest.New(t, lab.Options{Worlds: lab.DefaultWorlds(), Bin: n.plugins})
	if strings.HasPrefix(t.Name(), netemPrefix) {
		if _, err := n.Node.Output(t.Context(), "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "0"); err != nil {
			t.Fatalf("this kernel lacks netem: %v", err)
		}
		if _, err := n.Node.Output(t.Context(), "tc", "qdisc", "del", "dev", "lo", "root"); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// plugins is a directory with all plugins, and others of which the paths are given.
func plugins(t *testing.T, others ...string) string {
	t.Helper()
	bin, err := lab.Bin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(bin, "*"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, path := range append(files, others...) {
		if err := os.Symlink(path, filepath.Join(dir, filepath.Base(path))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// write makes a file in the lab's directory and returns its path.
func (n *node) write(name, text string) string {
	n.t.Helper()
	path := filepath.Join(n.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		n.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		n.t.Fatal(err)
	}
	return path
}

func (n *node) snapshot() lab.Snapshot {
	n.t.Helper()
	return labtest.Snapshot(n.t, n.Lab)
}

// unchanged fails if anything on the node differs from before.
func (n *node) unchanged(before lab.Snapshot, after string) {
	n.t.Helper()
	if d := n.snapshot().Diff(before); d != "" {
		n.t.Errorf("after %s:\n%s", after, d)
	}
}

// address is an interface's IPv4 address.
func (n *node) address(ns *lab.NS, ifname string) netip.Addr {
	n.t.Helper()
	out, err := ns.Output(n.t.Context(), "ip", "-4", "-brief", "address", "show", "dev", ifname)
	if err != nil {
		n.t.Fatal(err)
	}
	fields := strings.Fields(out) // eth0@if5 UP 10.88.0.2/16
	prefix, err := netip.ParsePrefix(fields[len(fields)-1])
	if err != nil {
		n.t.Fatalf("address of %s: %v", ifname, err)
	}
	return prefix.Addr()
}
