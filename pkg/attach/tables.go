// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"slices"

	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// withTables adds the changes of netem's distribution tables alone: the kernel
// does not tell them, so that no difference is seen (tc.Equal).
func (s *Session) withTables(steps []step, made *plan.Plan) []step {
	if s.last == nil {
		return steps
	}
	for _, want := range made.Trees {
		at := spot{want.Where, want.Device}
		before := treeAt(s.last, at)
		for _, o := range want.Objects {
			if !sameTable(before.Find(o.Slot()), o) {
				steps = s.addChange(steps, at, o)
			}
		}
	}
	return steps
}

func treeAt(p *plan.Plan, at spot) tc.Tree {
	for _, t := range p.Trees {
		if t.Where == at.where && t.Device == at.device {
			return t
		}
	}
	return tc.Tree{}
}

// sameTable is true but for two netems that differ in their tables.
func sameTable(a, b tc.Object) bool {
	before, ok1 := netemOf(a)
	now, ok2 := netemOf(b)
	return !ok1 || !ok2 || before.Distribution == now.Distribution && before.Slot.Distribution == now.Slot.Distribution
}

func netemOf(o tc.Object) (tc.Netem, bool) {
	q, _ := o.(tc.Qdisc)
	n, ok := q.Spec.(tc.Netem)
	return n, ok
}

// addChange adds a change of an object in place, unless there is a step for it.
func (s *Session) addChange(steps []step, at spot, o tc.Object) []step {
	op := tc.Op{Verb: tc.Change, Object: o, Have: o}
	for i := range steps {
		if steps[i].spot != at {
			continue
		}
		if !slices.ContainsFunc(steps[i].ops, func(op tc.Op) bool { return op.Object.Slot() == o.Slot() }) {
			steps[i].ops = append(steps[i].ops, op)
		}
		return steps
	}
	return append(steps, step{spot: at, dev: s.place.device0(at), ops: []tc.Op{op}})
}
