// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

const twoClasses = root + `
tc class add dev eth0 parent 7c00: classid 7c00:1 htb rate 20mbit ceil 20mbit burst 20kb cburst 20kb quantum 1500
tc class add dev eth0 parent 7c00:1 classid 7c00:2 htb rate 1mbit ceil 20mbit burst 2000b cburst 20kb quantum 3000
tc filter add dev eth0 parent 7c00: protocol ip pref 1000 handle ::1 u32 match u32 0x00000000 0x00000000 at 0 flowid 7c00:2
`

func TestErrors(t *testing.T) {
	del := func(o tc.Object) []tc.Op { return []tc.Op{{Verb: tc.Delete, Object: o}} }
	tests := []struct {
		name  string
		setup string // commands
		ops   func(tree tc.Tree) []tc.Op
		errno syscall.Errno
		count int
		gone  bool
		want  string // of the first error
	}{
		{"foreign root", "tc qdisc add dev eth0 root handle 1: tbf rate 1mbit burst 5kb limit 10kb",
			func(tree tc.Tree) []tc.Op { return adds(tree)[:1] }, unix.EEXIST, 1, false,
			`tc qdisc add dev eth0 root handle 7c00: htb default 0x2 r2q 10 direct_qlen 100: a root qdisc of somebody else is there: see "tc qdisc show"`},
		{"all that follows", "tc qdisc add dev eth0 root handle 1: tbf rate 1mbit burst 5kb limit 10kb",
			adds, unix.EEXIST, 4, false, "(and 3 more)"},
		{"foreign root is not deleted", "tc qdisc add dev eth0 root handle 1: tbf rate 1mbit burst 5kb limit 10kb",
			func(tree tc.Tree) []tc.Op { return del(tree.Objects[0]) }, unix.EINVAL, 1, true, "Invalid handle"},
		{"another kind under our handle", "tc qdisc add dev eth0 root handle 7c00: tbf rate 1mbit burst 5kb limit 10kb",
			func(tree tc.Tree) []tc.Op { return del(tree.Objects[0]) }, unix.EINVAL, 1, true, "Invalid qdisc name"},
		{"root is gone", "", func(tree tc.Tree) []tc.Op { return del(tree.Objects[0]) }, 0, 1, true, "tc qdisc delete dev eth0 root handle 7c00:"},
		{"class is gone", "", func(tree tc.Tree) []tc.Op { return del(tree.Objects[1]) }, unix.ENOENT, 1, true, "tc class delete"},
		{"filter is gone", "", func(tree tc.Tree) []tc.Op { return del(tree.Objects[3]) }, unix.EINVAL, 1, true, "tc filter delete"},
		{"filter of a root that is there", "tc qdisc add dev eth0 root handle 7c00: htb",
			func(tree tc.Tree) []tc.Op { return del(tree.Objects[3]) }, 0, 1, true, "tc filter delete"},
		{"clsact is gone", "", func(tc.Tree) []tc.Op {
			return del(tc.Qdisc{Parent: tc.HandleClsact, Handle: tc.MakeHandle(tc.IngressMajor, 0), Spec: tc.Clsact{}})
		}, 0, 1, true, "tc qdisc delete dev eth0 clsact"},
		{"ingress where clsact is", "tc qdisc add dev eth0 clsact", func(tc.Tree) []tc.Op {
			return []tc.Op{{Verb: tc.Add, Object: tc.Qdisc{Parent: tc.HandleClsact, Handle: tc.MakeHandle(tc.IngressMajor, 0), Spec: tc.Clsact{IngressOnly: true}}}}
		}, unix.EEXIST, 1, false, "only one of the two can be"},
		{"change of nothing", "", func(tree tc.Tree) []tc.Op { return []tc.Op{{Verb: tc.Change, Object: tree.Objects[1]}} }, 0, 1, true, "tc class change"},
	}
	for _, tt := range tests {
		t.Run(strings.ReplaceAll(tt.name, " ", "_"), func(t *testing.T) {
			ns, c, dev := lab(t)
			if tt.setup != "" {
				ns.run(t, tt.setup)
			}
			err := c.Apply(dev, tt.ops(parse(t, twoClasses)))
			var all Errors
			if !errors.As(err, &all) || len(all) != tt.count {
				t.Fatalf("got %v, want %d errors", err, tt.count)
			}
			if tt.errno != 0 && (all[0].Errno != tt.errno || !errors.Is(err, tt.errno)) {
				t.Errorf("errno %v, want %v", all[0].Errno, tt.errno)
			}
			if IsGone(err) != tt.gone || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("gone %v: %v\nwant %v, %q", IsGone(err), err, tt.gone, tt.want)
			}
		})
	}
}

func TestNotSent(t *testing.T) {
	_, c, dev := lab(t)
	tests := []struct {
		object tc.Object
		verb   tc.Verb
		want   string
	}{
		{tc.Qdisc{Parent: tc.HandleRoot, Spec: tc.Other{Name: "cake"}}, tc.Add, "cake: not a kind"},
		{tc.Qdisc{Parent: tc.HandleRoot, Spec: tc.HTB{}}, "explode", `unknown verb "explode"`},
		{tc.Filter{Spec: OtherFilter{Name: "flower"}}, tc.Add, "flower: not a kind"},
		{tc.Filter{Spec: tc.BPF{Name: "p"}}, tc.Add, "no program was given"},
		{tc.Filter{Spec: tc.U32{Nodes: []tc.U32Node{{Redirect: &tc.Redirect{Device: "nope"}}}}}, tc.Add, "device nope: no such device"},
		{tc.Filter{Spec: tc.U32{Nodes: make([]tc.U32Node, tc.MaxU32Nodes+1)}}, tc.Add, "4096 nodes"},
		{tc.Filter{Spec: tc.U32{Nodes: []tc.U32Node{{Keys: make([]tc.U32Key, 256)}}}}, tc.Add, "256 keys"},
		{tc.Link{}, tc.Replace, "unknown verb"},
	}
	good := adds(parse(t, root))
	for _, tt := range tests {
		err := c.Apply(dev, append(good[:1:1], tc.Op{Verb: tt.verb, Object: tt.object}))
		var op *OpError
		if err == nil || !strings.Contains(err.Error(), tt.want) || !errors.As(err, &op) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
	wantTree(t, c, dev, tc.Tree{Device: "eth0"})
	if err := c.Apply(Device{Name: "nope"}, good); !IsGone(err) || err.Error() != "device nope: no such device" {
		t.Errorf("got %v", err)
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	file, fifo := filepath.Join(dir, "file"), filepath.Join(dir, "fifo")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/nope/net":                "netns /nope/net: no such file or directory",
		file:                       "netns " + file + ": not a network namespace: invalid argument",
		fifo:                       "netns " + fifo + ": not a network namespace: invalid argument",
		"/proc/self/ns/uts":        "netns /proc/self/ns/uts: not a network namespace: invalid argument",
		dir:                        "netns " + dir + ": not a network namespace: invalid argument",
		"/proc/self/fd/1000000000": "netns /proc/self/fd/1000000000: no such file or directory",
	} {
		_, err := Open(path)
		var e *NamespaceError
		if !errors.As(err, &e) || e.Path != path || err.Error() != want {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
}

func TestClose(t *testing.T) {
	c, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.LinkByIndex(1); err != nil {
		t.Errorf("loopback: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if _, err := c.LinkByIndex(1); err == nil {
		t.Error("a closed connection answers")
	}
}

// TestUnprivileged needs no root: the kernel's refusal is what is tested.
func TestUnprivileged(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("is root")
	}
	c, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	err = c.Apply(Device{Name: "lo", Index: 1}, adds(parse(t, root)))
	if !errors.Is(err, unix.EPERM) || !strings.Contains(err.Error(), "CAP_NET_ADMIN") {
		t.Errorf("got %v", err)
	}
}
