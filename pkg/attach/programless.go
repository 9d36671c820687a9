// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"slices"

	"tcni.dev/conf"
	"tcni.dev/pkg/bpf"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// programless tells that the shape would have a program that makes packets
// linear, and cannot: bpf(2) refuses, as it does without CAP_BPF; or, where our
// HTB was seen without the program, the kernel has no classifier for one. Before
// there is an HTB the latter cannot be asked: ADD then fails at first, and looks.
func (p *place) programless(s conf.Shape) bool {
	if !corrupts(s.Egress) && !corrupts(s.Ingress) {
		return false
	}
	if _, err := p.linearProgram(); err != nil {
		return true
	}
	for at, tree := range p.have {
		if lacksLinear(tree) {
			if has, err := p.conn(at.where).ProbeFilter(at.device, plan.Root, "bpf"); err == nil && !has {
				return true
			}
		}
	}
	return false
}

// corrupts tells whether a direction flips bits anywhere.
func corrupts(d *conf.Direction) bool {
	return d != nil && (d.Netem.Corrupt != 0 || slices.ContainsFunc(d.Rules, func(r conf.Rule) bool { return r.Netem.Corrupt != 0 }))
}

// lacksLinear tells whether a tree is ours and has no such program.
func lacksLinear(t tc.Tree) bool {
	ours := slices.ContainsFunc(t.Objects, func(o tc.Object) bool {
		q, ok := o.(tc.Qdisc)
		return ok && q.Handle == plan.Root
	})
	return ours && !slices.ContainsFunc(t.Objects, func(o tc.Object) bool {
		f, _ := o.(tc.Filter)
		spec, ok := f.Spec.(tc.BPF)
		return ok && spec.Name == bpf.Linear.Name
	})
}
