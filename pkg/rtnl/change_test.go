// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"encoding/binary"
	"net"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

const slow = root + `
tc class add dev eth0 parent 7c00: classid 7c00:2 htb rate 8kbit ceil 8kbit burst 2000b cburst 2000b quantum 1514
tc qdisc add dev eth0 parent 7c00:2 handle 7c02: pfifo limit 1000
`

// flood sends n packets into eth0, where they wait.
func flood(t *testing.T, ns *netns, n int) {
	t.Helper()
	for _, line := range []string{"ip link set eth0 up", "ip link set peer0 up", "ip addr add 10.9.0.1/24 dev eth0", "ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent"} {
		ns.run(t, line)
	}
	if err := onThread(func() error {
		if err := unix.Setns(int(ns.file.Fd()), unix.CLONE_NEWNET); err != nil {
			return err
		}
		conn, err := net.Dial("udp4", "10.9.0.2:9")
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		for range n {
			if _, err := conn.Write(make([]byte, 500)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func queued(t *testing.T, c *Conn, dev Device, handle tc.Handle) Stats {
	t.Helper()
	all, err := c.Stats(dev)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.Handle == handle {
			return s
		}
	}
	t.Fatalf("no %v in %+v", handle, all)
	return Stats{}
}

// TestChangeKeepsQueue changes a class and a qdisc in place under a queue.
func TestChangeKeepsQueue(t *testing.T) {
	ns, c, dev := lab(t)
	want := parse(t, slow)
	if err := c.Apply(dev, adds(want)); err != nil {
		t.Fatal(err)
	}
	flood(t, ns, 50)
	leaf, class := tc.MakeHandle(0x7c02, 0), tc.MakeHandle(0x7c00, 2)
	before := queued(t, c, dev, leaf)
	if before.Queued < 30 || before.Backlog < 30*500 || before.Kind != "pfifo" {
		t.Fatalf("nothing waits: %+v", before)
	}
	next := parse(t, root+`
tc class add dev eth0 parent 7c00: classid 7c00:2 htb rate 16kbit ceil 16kbit burst 2000b cburst 2000b quantum 1514
tc qdisc add dev eth0 parent 7c00:2 handle 7c02: pfifo limit 999
`)
	ops, err := tc.Diff(want, next, everything)
	if err != nil || len(ops) != 2 {
		t.Fatalf("%v, %v", ops, err)
	}
	if err := c.Apply(dev, ops); err != nil {
		t.Fatal(err)
	}
	wantTree(t, c, dev, next)
	after := queued(t, c, dev, leaf)
	if after.Queued+5 < before.Queued || after.Drops != 0 {
		t.Errorf("the change dropped the queue: before %+v, after %+v", before, after)
	}
	if s := queued(t, c, dev, class); !s.Class || s.Kind != "htb" || s.Queued+5 < before.Queued || len(s.App) == 0 {
		t.Errorf("class: %+v", s)
	}
}

// TestReplace puts another qdisc in a qdisc's place: under its own handle, under
// the same one, and of a kind that cannot be changed.
func TestReplace(t *testing.T) {
	_, c, dev := lab(t)
	have := parse(t, "")
	for _, line := range []string{
		"tc qdisc add dev eth0 root handle 1: pfifo limit 10",
		"tc qdisc add dev eth0 root handle 2: bfifo limit 10b",
		"tc qdisc add dev eth0 root handle 2: pfifo limit 10",
		"tc qdisc add dev eth0 root handle 2: htb default 0x2 r2q 10 direct_qlen 100",
		"tc qdisc add dev eth0 root handle 2: htb default 0x3 r2q 10 direct_qlen 100",
		"tc qdisc add dev eth0 clsact",
		"tc qdisc add dev eth0 ingress",
	} {
		want := parse(t, line)
		ops := adds(want)
		if old, ok := have.Find(want.Objects[0].Slot()).(tc.Qdisc); ok {
			ops = []tc.Op{{Verb: tc.Replace, Object: want.Objects[0], Have: old}}
		}
		if err := c.Apply(dev, ops); err != nil {
			t.Fatal(err)
		}
		var err error
		if have, err = c.Dump(dev); err != nil {
			t.Fatal(err)
		}
		if got := have.Find(want.Objects[0].Slot()); got == nil || !tc.Equal(got, want.Objects[0]) {
			t.Errorf("%s: got %v", line, got)
		}
	}
}

// TestFilterSwap puts a filter under another preference before the old one goes.
func TestFilterSwap(t *testing.T) {
	_, c, dev := lab(t)
	have := parse(t, twoClasses)
	if err := c.Apply(dev, adds(have)); err != nil {
		t.Fatal(err)
	}
	want := parse(t, twoClasses)
	f := want.Objects[3].(tc.Filter)
	f.Spec = tc.U32{Nodes: []tc.U32Node{{Keys: []tc.U32Key{{Value: 1, Mask: 255, At: 8}}, FlowID: tc.MakeHandle(0x7c00, 1)}}}
	want.Objects[3] = f
	for range 3 {
		ops, err := tc.Diff(have, want, everything)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Apply(dev, ops); err != nil {
			t.Fatal(err)
		}
		have, want = wantTree(t, c, dev, want), have
	}
}

// TestQdiscAt reads single qdiscs.
func TestQdiscAt(t *testing.T) {
	_, c, dev := lab(t)
	want := parse(t, slow)
	if _, ok, err := c.QdiscAt(dev, tc.HandleRoot); ok || err != nil {
		t.Errorf("no root: %v, %v", ok, err)
	}
	if err := c.Apply(dev, adds(want)); err != nil {
		t.Fatal(err)
	}
	for parent, object := range map[tc.Handle]int{tc.HandleRoot: 0, tc.MakeHandle(0x7c00, 2): 2} {
		if q, ok, err := c.QdiscAt(dev, parent); !ok || err != nil || !tc.Equal(q, want.Objects[object]) {
			t.Errorf("%v: %v, %v, %v", parent, q, ok, err)
		}
	}
	if _, ok, err := c.QdiscAt(dev, tc.HandleClsact); ok || err != nil {
		t.Errorf("no clsact: %v, %v", ok, err)
	}
}

// loadProgram loads "r0 = 0; exit" as a classifier by bpf(2).
func loadProgram(t *testing.T) int {
	t.Helper()
	code := []byte{0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0}
	license := []byte("Apache-2.0\x00")
	attr := make([]byte, 48) // union bpf_attr for BPF_PROG_LOAD
	binary.NativeEndian.PutUint32(attr[0:], unix.BPF_PROG_TYPE_SCHED_CLS)
	binary.NativeEndian.PutUint32(attr[4:], 2)
	binary.NativeEndian.PutUint64(attr[8:], uint64(uintptr(unsafe.Pointer(&code[0]))))
	binary.NativeEndian.PutUint64(attr[16:], uint64(uintptr(unsafe.Pointer(&license[0]))))
	fd, _, errno := unix.Syscall(unix.SYS_BPF, unix.BPF_PROG_LOAD, uintptr(unsafe.Pointer(&attr[0])), uintptr(len(attr)))
	if errno != 0 {
		t.Fatalf("bpf(2): %v", errno)
	}
	t.Cleanup(func() { _ = unix.Close(int(fd)) })
	return int(fd)
}

func TestBPF(t *testing.T) {
	for _, direct := range []bool{false, true} {
		_, c, dev := lab(t)
		want := parse(t, root)
		spec := tc.BPF{Name: "tcni", DirectAction: direct}
		filter := tc.Filter{Parent: tc.MakeHandle(0x7c00, 0), Preference: 1000, Protocol: tc.ProtoAll, Spec: spec}
		want.Objects = append(want.Objects, filter)
		b := c.Batch()
		b.Program(spec, loadProgram(t))
		b.Apply(dev, adds(want))
		if err := b.Run(); err != nil {
			t.Fatal(err)
		}
		have, err := c.Dump(dev)
		if err != nil || len(have.Objects) != 2 {
			t.Fatalf("%v, %v", have, err)
		}
		got := have.Objects[1].(tc.Filter).Spec.(tc.BPF)
		if got.Name != "tcni" || got.DirectAction != direct || len(got.Tag) != 16 {
			t.Errorf("got %+v", got)
		}
		if err := c.Apply(dev, []tc.Op{{Verb: tc.Delete, Object: filter}}); err != nil {
			t.Error(err)
		}
	}
}
