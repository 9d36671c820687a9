// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"tcni.dev/pkg/tc"
)

// classes is a tree of n classes, each with a queue and a filter node.
func classes(n int) tc.Tree {
	root := tc.MakeHandle(0x7c00, 0)
	tree := tc.Tree{Device: "eth0", Objects: []tc.Object{tc.Qdisc{Parent: tc.HandleRoot, Handle: root, Spec: tc.HTB{Default: 1, R2Q: 10, DirectQueue: 1000}}}}
	var line tc.U32
	for i := 1; i <= n; i++ {
		h := tc.MakeHandle(0x7c00, uint16(i))
		tree.Objects = append(tree.Objects,
			tc.Class{Parent: root, Handle: h, HTB: tc.HTBClass{Rate: tc.Mbit, Ceil: tc.Gbit, Burst: 3000, Cburst: 125000, Quantum: 1514}},
			tc.Qdisc{Parent: h, Handle: tc.MakeHandle(uint16(i), 0), Spec: tc.FIFO{Limit: 1000}})
		line.Nodes = append(line.Nodes, tc.U32Node{FlowID: h, Keys: []tc.U32Key{{Value: uint32(i), Mask: 0xffffffff, At: 16}}})
	}
	tree.Objects = append(tree.Objects, tc.Filter{Parent: root, Preference: 1000, Protocol: tc.ProtoIP, Spec: line})
	return tree
}

// BenchmarkEncode builds messages without sending them.
func BenchmarkEncode(b *testing.B) {
	for _, n := range []int{5, 256, 1000} {
		ops := adds(classes(n))
		b.Run(fmt.Sprintf("classes=%d", n), func(b *testing.B) {
			c := &Conn{room: &room{}}
			b.ReportAllocs()
			for b.Loop() {
				batch := c.Batch()
				batch.Apply(Device{Name: "eth0", Index: 7}, ops)
				r := &run{Batch: batch, index: []int32{7}}
				r.enc = encoder{out: &c.out, emit: r.emit, resolve: r.resolve}
				if err := r.encode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkApply makes and deletes trees in the kernel: 5 classes are 16
// messages. What is reported is the least time that the making took.
func BenchmarkApply(b *testing.B) {
	for _, n := range []int{5, 256, 1000} {
		tree := classes(n)
		b.Run(fmt.Sprintf("classes=%d", n), func(b *testing.B) {
			_, c, dev := lab(b)
			ops := adds(tree)
			least := time.Hour
			for b.Loop() {
				start := time.Now()
				if err := c.Apply(dev, ops); err != nil {
					b.Fatal(err)
				}
				least = min(least, time.Since(start))
				if err := c.Apply(dev, []tc.Op{{Verb: tc.Delete, Object: tree.Objects[0]}}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(least), "least-ns/op")
		})
	}
}

func BenchmarkDump(b *testing.B) {
	for _, n := range []int{5, 256} {
		b.Run(fmt.Sprintf("classes=%d", n), func(b *testing.B) {
			_, c, dev := lab(b)
			if err := c.Apply(dev, adds(classes(n))); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Dump(dev); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	ns := newNetns(b)
	for name, path := range map[string]string{"own": "", "other": ns.path} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c, err := Open(path)
				if err != nil {
					b.Fatal(err)
				}
				if err := c.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkProbe(b *testing.B) {
	_, c, _ := lab(b)
	for b.Loop() {
		if _, err := c.Probe("htb"); err != nil {
			b.Fatal(err)
		}
	}
}

// TestManyMessages sends several chunks, with one message in the middle failing.
func TestManyMessages(t *testing.T) {
	_, c, dev := lab(t)
	tree := classes(1000)
	ops := adds(tree)
	bad := tree.Objects[999].(tc.Class)
	bad.HTB.Rate = 0 // refused by htb_change_class
	ops[999].Object = bad
	err := c.Apply(dev, ops)
	var all Errors
	if !errors.As(err, &all) || len(all) != 2 || all[0].Op.Object != tc.Object(bad) {
		t.Fatalf("got %v, want the class and its qdisc", err)
	}
	have, err := c.Dump(dev)
	if err != nil {
		t.Fatal(err)
	}
	todo, err := tc.Diff(have, tree, everything)
	if err != nil || len(todo) != 2 {
		t.Fatalf("%v, %v", todo, err)
	}
	if err := c.Apply(dev, todo); err != nil {
		t.Fatal(err)
	}
	wantTree(t, c, dev, tree)
	// Again: every message fails, and every answer finds its message.
	err = c.Apply(dev, adds(tree))
	if !errors.As(err, &all) || len(all) != 3001 || all[3000].Line != tree.Objects[2001].Lines(tc.Add, "eth0")[999] {
		t.Errorf("%d errors, want 3001: %v", len(all), err)
	}
}
