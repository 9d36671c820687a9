// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// netns is a network namespace that lasts as long as the test.
type netns struct {
	path string
	file *os.File
}

// newNetns makes one. Without root the test is skipped, but where root tests
// are demanded (in CI, or by TCNI_ROOT_TESTS=1) it fails.
func newNetns(t testing.TB) *netns {
	t.Helper()
	var ns netns
	err := onThread(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return err
		}
		var err error
		ns.file, err = os.Open("/proc/thread-self/ns/net")
		return err
	})
	if err != nil {
		if os.Getenv("CI") != "" || os.Getenv("TCNI_ROOT_TESTS") == "1" {
			t.Fatalf("new network namespace: %v", err)
		}
		t.Skipf("needs root: new network namespace: %v", err)
	}
	t.Cleanup(func() { _ = ns.file.Close() })
	ns.path = fmt.Sprintf("/proc/self/fd/%d", ns.file.Fd())
	return &ns
}

// onThread runs f on a thread of its own, which then ends.
func onThread(f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		done <- f()
	}()
	return <-done
}

// try runs a command in the namespace.
func (ns *netns) try(line string) (string, error) {
	var out []byte
	err := onThread(func() (err error) {
		if err := unix.Setns(int(ns.file.Fd()), unix.CLONE_NEWNET); err != nil {
			return err
		}
		words := strings.Fields(line)
		out, err = exec.Command(words[0], words[1:]...).CombinedOutput()
		return err
	})
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", line, err, out)
	}
	return string(out), err
}

func (ns *netns) run(t testing.TB, line string) string {
	t.Helper()
	out, err := ns.try(line)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (ns *netns) open(t testing.TB) *Conn {
	t.Helper()
	c, err := Open(ns.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// lab is a namespace with a veth, eth0, and a connection to it.
func lab(t testing.TB) (*netns, *Conn, Device) {
	t.Helper()
	ns := newNetns(t)
	ns.run(t, "ip link add eth0 type veth peer name peer0")
	c := ns.open(t)
	link, err := c.LinkByName("eth0")
	if err != nil {
		t.Fatal(err)
	}
	return ns, c, link.Device()
}

// needNetem skips the test on a kernel without netem, but fails where netem
// tests are demanded (TCNI_NETEM_TESTS=1).
func needNetem(t testing.TB, c *Conn) {
	t.Helper()
	ok, err := c.Probe("netem")
	switch {
	case err != nil:
		t.Fatal(err)
	case !ok && os.Getenv("TCNI_NETEM_TESTS") == "1":
		t.Fatal(Missing("netem"))
	case !ok:
		t.Skip(Missing("netem"))
	}
}

// parse reads commands for eth0.
func parse(t testing.TB, text string) tc.Tree {
	t.Helper()
	trees, err := tc.ParseTrees("# container eth0\n" + text)
	if err != nil {
		t.Fatal(err)
	}
	return trees[0]
}

// adds returns the steps that make a tree.
func adds(tree tc.Tree) []tc.Op {
	var ops []tc.Op
	for _, o := range tree.Objects {
		ops = append(ops, tc.Op{Verb: tc.Add, Object: o})
	}
	return ops
}

func everything(tc.Object) bool { return true }

// wantTree checks that the device has exactly the tree.
func wantTree(t testing.TB, c *Conn, dev Device, want tc.Tree) tc.Tree {
	t.Helper()
	have, err := c.Dump(dev)
	if err != nil {
		t.Fatal(err)
	}
	ops, err := tc.Diff(have, want, everything)
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range ops {
		t.Errorf("after Apply: %v", op)
	}
	return have
}
