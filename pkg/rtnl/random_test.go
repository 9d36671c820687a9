// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"math/rand/v2"
	"testing"

	"tcni.dev/pkg/tc"
)

// gen makes random trees that the kernel accepts.
type gen struct {
	*rand.Rand
	netem bool
	seeds bool
	next  uint16 // the next free handle
	out   []tc.Object
}

func (g *gen) handle() tc.Handle { g.next++; return tc.MakeHandle(g.next, 0) }

// rate is 8bit..10tbit, even on a logarithmic scale.
func (g *gen) rate() tc.Rate {
	return (tc.Rate(1) << g.IntN(41) * 8 * tc.Rate(1+g.IntN(9)) / 8) &^ 7 % tc.MaxRate / 8 * 8
}

func (g *gen) class(parent, handle tc.Handle) tc.Class {
	c := tc.HTBClass{
		Prio: uint32(g.IntN(8)), Rate: max(g.rate(), 8), Ceil: max(g.rate(), 8), Quantum: uint32(1500 + g.IntN(60000)),
		Overhead: uint16(g.IntN(100)), MPU: uint16(g.IntN(100)), LinkLayer: tc.LinkLayer(g.IntN(2)),
	}
	c.Burst = tc.RoundBurst(c.Rate, tc.Size(1+g.IntN(1<<g.IntN(30))))
	c.Cburst = tc.RoundBurst(c.Ceil, tc.Size(1+g.IntN(1<<g.IntN(30))))
	return tc.Class{Parent: parent, Handle: handle, HTB: c}
}

func (g *gen) tree() tc.Tree {
	root := tc.MakeHandle(0x7c00, 0)
	g.out = []tc.Object{tc.Qdisc{Parent: tc.HandleRoot, Handle: root, Spec: tc.HTB{
		Default: uint16(g.IntN(1 << 16)), R2Q: uint32(1 + g.IntN(100)), DirectQueue: uint32(1 + g.IntN(1e6)),
	}}}
	minor := uint16(0)
	var grow func(parent tc.Handle, depth int)
	grow = func(parent tc.Handle, depth int) {
		for range g.IntN(4) {
			minor++
			h := tc.MakeHandle(0x7c00, minor)
			g.out = append(g.out, g.class(parent, h))
			if depth < 4 && g.IntN(2) == 0 {
				before := len(g.out)
				grow(h, depth+1)
				if len(g.out) > before {
					continue // an inner class has no qdisc
				}
			}
			g.leaf(h)
		}
	}
	grow(root, 0)
	g.filters(root, minor)
	return tc.Tree{Device: "eth0", Objects: g.out}
}

// leaf puts a chain of qdiscs under a class, or leaves it the kernel's own.
func (g *gen) leaf(parent tc.Handle) {
	kinds := 4
	if g.netem {
		kinds = 5
	}
	q := tc.Qdisc{Parent: parent, Handle: g.handle()}
	switch g.IntN(kinds) {
	case 0:
		return
	case 1:
		q.Spec = tc.FIFO{Limit: g.Uint32()}
	case 2:
		q.Spec = tc.FIFO{Bytes: true, Limit: g.Uint32()}
	case 3:
		spec := tc.TBF{Rate: 1 * tc.Tbit, Burst: tc.Size(1540 + g.IntN(9000)), Limit: tc.Size(1 + g.IntN(1<<30))}
		if g.IntN(2) == 0 {
			spec.Rate = tc.Mbit + g.rate()/2&^7
			spec.Burst = tc.RoundBurst(spec.Rate, 1000+spec.Rate.BytesIn(tc.Time(g.Int64N(int64(tc.Second)))))
		}
		q.Spec = spec
		g.out = append(g.out, q)
		g.leaf(tc.MakeHandle(q.Handle.Major(), 1))
		return
	case 4:
		q.Spec = g.randomNetem()
	}
	g.out = append(g.out, q)
}

func (g *gen) share() tc.Percent { return tc.Percent(g.Int64N(int64(tc.MaxPercent) + 1)) }

func (g *gen) randomNetem() tc.Netem {
	n := tc.Netem{
		Limit: uint32(1 + g.IntN(1e6)), Delay: tc.Time(g.Int64N(int64(tc.MaxTime))), Jitter: tc.Time(g.IntN(2e9)),
		DelayCorr: g.share(), ECN: g.IntN(2) == 0, Corrupt: g.share(), CorruptCorr: g.share(),
		Reorder: g.share(), ReorderCorr: g.share(), Gap: uint32(1 + g.IntN(10)),
		Rate: g.rate(), Overhead: int32(g.Uint32()) >> 8, CellSize: g.Uint32() >> 8, CellOverhead: int32(g.Uint32()) >> 8,
	}
	if g.seeds {
		n.Seed = tc.Seed{Set: true, Value: g.Uint64()}
	}
	switch n.Loss.Model = tc.LossModel(g.IntN(4)); n.Loss.Model {
	case tc.LossRandom:
		n.Loss.P = [5]tc.Percent{1 + g.share()/2, g.share()}
	case tc.LossState:
		n.Loss.P = [5]tc.Percent{g.share(), g.share(), g.share(), g.share(), g.share()}
	case tc.LossGEModel:
		n.Loss.P = [5]tc.Percent{g.share(), g.share(), g.share(), g.share()}
	}
	if g.IntN(2) == 0 {
		n.Slot = tc.Slot{Min: tc.Time(1 + g.IntN(1e9)), Packets: uint32(g.IntN(1e6)), Bytes: uint32(g.IntN(1e6))}
		n.Slot.Max = n.Slot.Min + tc.Time(g.IntN(1e9))
	}
	return n
}

func (g *gen) filters(root tc.Handle, classes uint16) {
	for i := range g.IntN(4) {
		f := tc.Filter{Parent: root, Preference: uint16(1000 * (i + 1)), Protocol: [...]tc.Protocol{tc.ProtoAll, tc.ProtoIP, tc.ProtoARP, tc.ProtoIPv6}[g.IntN(4)]}
		var u tc.U32
		for range 1 + g.IntN(20) {
			n := tc.U32Node{FlowID: tc.MakeHandle(0x7c00, uint16(1+g.IntN(int(classes)+1)))}
			for k := range 1 + g.IntN(4) {
				mask := g.Uint32()
				n.Keys = append(n.Keys, tc.U32Key{Value: g.Uint32() & mask, Mask: mask, At: int32(4 * k)})
			}
			u.Nodes = append(u.Nodes, n)
		}
		f.Spec = u
		g.out = append(g.out, f)
	}
}

// takesSeeds tells whether the kernel's netem does (since 6.6).
func takesSeeds(t *testing.T, c *Conn, dev Device) bool {
	t.Helper()
	q := tc.Qdisc{Parent: tc.HandleRoot, Handle: tc.MakeHandle(1, 0), Spec: tc.Netem{Limit: 1, Seed: tc.Seed{Set: true, Value: 1}}}
	err := c.Apply(dev, []tc.Op{{Verb: tc.Add, Object: q}})
	if err := c.Apply(dev, []tc.Op{{Verb: tc.Delete, Object: q}}); err != nil {
		t.Fatal(err)
	}
	return err == nil
}

// TestRandomTrees applies trees, each in one batch, takes them away again, and
// makes them once more from their dump: its order is one in which they can be made.
func TestRandomTrees(t *testing.T) {
	_, c, dev := lab(t)
	netem, err := c.Probe("netem")
	if err != nil {
		t.Fatal(err)
	}
	seeds := netem && takesSeeds(t, c, dev)
	for seed := range uint64(60) {
		g := &gen{Rand: rand.New(rand.NewPCG(seed, 0)), netem: netem, seeds: seeds}
		want := g.tree()
		if err := c.Apply(dev, adds(want)); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		have := wantTree(t, c, dev, want)
		if len(have.Objects) != len(want.Objects) {
			t.Errorf("seed %d: %d objects, want %d", seed, len(have.Objects), len(want.Objects))
		}
		gone, err := tc.Diff(have, tc.Tree{Device: "eth0"}, everything)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Apply(dev, gone); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		wantTree(t, c, dev, tc.Tree{Device: "eth0"})
		for i, o := range have.Objects { // but the dump does not tell a TBF's burst below a tick
			have.Objects[i] = want.Find(o.Slot())
		}
		if err := c.Apply(dev, adds(have)); err != nil {
			t.Fatalf("seed %d: from its dump: %v", seed, err)
		}
		wantTree(t, c, dev, want)
		if err := c.Apply(dev, gone); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
