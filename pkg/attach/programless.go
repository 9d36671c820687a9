// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"slices"

	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// programless tells that trees that are wanted would have a program, and cannot:
// bpf(2) refuses, as it does without CAP_BPF; or, where our HTB was seen without
// one, the kernel has no classifier for it. Before there is an HTB the latter
// cannot be asked: ADD then fails at first, and looks.
func (p *place) programless(wanted []tc.Tree) bool {
	if !slices.ContainsFunc(wanted, hasProgram) {
		return false
	}
	for _, tree := range p.have {
		if hasProgram(tree) {
			return false
		}
	}
	if _, err := p.linearProgram(); err != nil {
		return true
	}
	for at, tree := range p.have {
		if hasRoot(tree) {
			if has, err := p.conn(at.where).ProbeFilter(at.device, plan.Root, "bpf"); err == nil && !has {
				return true
			}
		}
	}
	return false
}

// hasProgram tells whether a tree has a program of ours.
func hasProgram(t tc.Tree) bool {
	return slices.ContainsFunc(t.Objects, func(o tc.Object) bool {
		f, _ := o.(tc.Filter)
		_, ok := f.Spec.(tc.BPF)
		return ok && plan.Owns(o)
	})
}

// hasRoot tells whether a tree has our HTB.
func hasRoot(t tc.Tree) bool {
	return slices.ContainsFunc(t.Objects, func(o tc.Object) bool {
		q, ok := o.(tc.Qdisc)
		return ok && q.Handle == plan.Root
	})
}
