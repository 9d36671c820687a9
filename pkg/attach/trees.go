// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"cmp"
	"slices"

	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// Trees are what is there, on all devices that have something of ours.
func (in *Inspection) Trees() []tc.Tree { return ours(in.have, in.Plan) }

// ours lists what was seen that is ours, in an order in which it can be made, with
// what the kernel does not tell as it was planned. The clsact qdisc counts where
// something of ours hangs on it.
func ours(have map[spot]tc.Tree, made *plan.Plan) []tc.Tree {
	var out []tc.Tree
	for at, tree := range have {
		t := tc.Tree{Where: at.where, Device: at.device}
		want := plan.Keep(tree, treeAt(made, at))
		redirects := slices.ContainsFunc(tree.Objects, isRedirect)
		for _, o := range tree.Objects {
			q, _ := o.(tc.Qdisc)
			if plan.Owns(o) || redirects && q.Parent == tc.HandleClsact {
				t.Objects = append(t.Objects, tc.Complete(o, want.Find(o.Slot())))
			}
		}
		if len(t.Objects) > 0 {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b tc.Tree) int {
		return cmp.Or(cmp.Compare(a.Where, b.Where), cmp.Compare(redirecting(a), redirecting(b)), cmp.Compare(a.Device, b.Device))
	})
	return out
}

// redirecting is 1 for a tree that leads packets to another one's device, else 0.
func redirecting(t tc.Tree) int {
	if slices.ContainsFunc(t.Objects, isRedirect) {
		return 1
	}
	return 0
}

func isRedirect(o tc.Object) bool {
	f, ok := o.(tc.Filter)
	return ok && plan.Owns(f) && f.Parent != plan.Root
}
