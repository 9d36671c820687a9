// SPDX-License-Identifier: Apache-2.0

package rkt

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

// examples are the networks as they are shipped, under the names that give them
// their order.
var examples = map[string]string{
	"10-shaped.conf":  "../../conf/examples/rkt-delegate.conf",
	"20-weather.conf": "../../conf/examples/rkt-companion.conf",
}

// plain is a network of rkt's alone.
const plain = `{"name":"plain","type":"ptp","ipMasq":true,"ipam":{"type":"host-local","subnet":"10.98.0.0/24","routes":[{"dst":"0.0.0.0/0"}]}}`

// podID is that of all pods: each has a node of its own.
const podID = "6a21d5b8-6d39-4cf6-a9c7-8d1f2f52f4ad"

// node is a lab on which rkt runs.
type node struct {
	*lab.Lab
	t      *testing.T
	driver string
	root   string // the pod's directory
	config string // rkt's local configuration
}

func newNode(t *testing.T) *node {
	t.Helper()
	labtest.RequireRoot(t)
	programs, err := built()
	if err != nil {
		t.Fatal(err)
	}
	l := labtest.New(t, lab.Options{Worlds: lab.DefaultWorlds()})
	n := &node{Lab: l, t: t, driver: filepath.Join(programs, "driver"), root: filepath.Join(l.Dir, "pod"), config: filepath.Join(l.Dir, "rkt")}
	builtin := filepath.Join(n.root, "stage1/rootfs/usr/lib/rkt/plugins/net")
	for _, name := range []string{"ptp", "host-local"} {
		n.copy(filepath.Join(programs, name), filepath.Join(builtin, name), 0o755)
	}
	n.write(filepath.Join(n.root, "stage1/rootfs/etc/rkt/net.d/10-plain.conf"), []byte(plain), 0o644)
	user := filepath.Join(n.config, "net.d")
	for name, from := range examples {
		n.copy(from, filepath.Join(user, name), 0o644)
	}
	ours, err := lab.Bin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n.copy(filepath.Join(ours, "tcni"), filepath.Join(user, "tcni"), 0o755)
	return n
}

func (n *node) copy(from, to string, mode os.FileMode) {
	n.t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		n.t.Fatal(err)
	}
	n.write(to, data, mode)
}

func (n *node) write(path string, data []byte, mode os.FileMode) {
	n.t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, mode)); err != nil {
		n.t.Fatal(err)
	}
}

// run calls rkt's code; networks is what stands after --net=.
func (n *node) run(verb, networks string) lab.Run {
	n.t.Helper()
	run, err := n.Node.Exec(n.t.Context(), lab.Command{
		Path: n.driver, Args: []string{"-root", n.root, "-config", n.config, "-pod", podID, "-net", networks, verb},
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return run
}

// pod is one that rkt has set up.
type pod struct {
	node  *node
	Netns string
	Nets  []struct {
		NetName, IfName string
		IP              netip.Addr
	}
}

func (n *node) setup(networks string) *pod {
	n.t.Helper()
	run := n.run("setup", networks)
	if run.ExitCode != 0 {
		n.t.Fatalf("--net=%q: %s", networks, run.Stderr)
	}
	p := &pod{node: n}
	if err := json.Unmarshal([]byte(run.Stdout), p); err != nil {
		n.t.Fatalf("%s: %v", run.Stdout, err)
	}
	return p
}

// teardown is what rkt gc does.
func (n *node) teardown() {
	n.t.Helper()
	run := n.run("teardown", "")
	if run.ExitCode != 0 || strings.Contains(run.Stderr, "error") {
		n.t.Errorf("teardown: %s", run.Stderr)
	}
}

// Do runs fn in the pod's network namespace, on a thread that is thrown away.
func (p *pod) Do(fn func() error) error {
	return p.node.Node.Do(func() error {
		f, err := os.Open(p.Netns)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := unix.Setns(int(f.Fd()), unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("enter %s: %w", p.Netns, err)
		}
		return fn()
	})
}

// leases lists what host-local has given out.
func (n *node) leases() []string {
	n.t.Helper()
	var out []string
	n.inNode(func() (err error) {
		out, err = filepath.Glob("/var/lib/cni/networks/*/10.*")
		return err
	})
	return out
}

func (n *node) inNode(fn func() error) {
	n.t.Helper()
	if err := n.Node.Do(fn); err != nil {
		n.t.Fatal(err)
	}
}

func (n *node) snapshot() lab.Snapshot {
	n.t.Helper()
	return labtest.Snapshot(n.t, n.Lab)
}

// wantNothingLeft compares the node with what it was.
func (n *node) wantNothingLeft(before lab.Snapshot, after string) {
	n.t.Helper()
	if d := n.snapshot().Diff(before); d != "" {
		n.t.Errorf("after %s:\n%s", after, d)
	}
	if l := n.leases(); len(l) > 0 {
		n.t.Errorf("after %s: addresses are given out: %v", after, l)
	}
}
