// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"slices"

	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
)

// step is what is to be done on one device.
type step struct {
	spot
	dev      rtnl.Device
	ops      []tc.Op
	newNames []string // marks that the device lacks
}

// addTo puts the step into a batch. The marks go first, so that nothing can be
// there that they do not lead to; but a device must be made before.
func (s step) addTo(b *rtnl.Batch) {
	for _, name := range s.newNames {
		b.AddAltName(s.dev, name)
	}
	b.Apply(s.dev, s.ops)
}

// difference returns the steps for all devices of ours, in the order of the
// plan; those that the plan does not need are cleared. The first error comes with
// the steps that would be, to be shown.
func (p *place) difference(made *plan.Plan) (steps []step, first error) {
	planned := map[spot]bool{}
	add := func(at spot, want tc.Tree) {
		s, err := p.stepFor(at, want)
		steps = append(steps, s)
		if first == nil {
			first = err
		}
	}
	for _, want := range made.Trees {
		at := spot{want.Where, want.Device}
		planned[at] = true
		add(at, plan.Keep(p.have[at], want))
	}
	for _, at := range p.spots() {
		if planned[at] || len(p.have[at].Objects) == 0 {
			continue
		}
		add(at, tc.Tree{Where: at.where, Device: at.device})
	}
	return slices.DeleteFunc(steps, func(s step) bool { return len(s.ops)+len(s.newNames) == 0 }), first
}

// spots lists the devices that may carry something of ours.
func (p *place) spots() []spot {
	out := []spot{{tc.InContainer, p.mark.IFB()}, {tc.OnHost, p.mark.IFB()}}
	for _, e := range p.ends() {
		out = append(out, spot{e.where, e.link.Name})
	}
	return out
}

func (p *place) stepFor(at spot, want tc.Tree) (step, error) {
	ops, err := tc.Diff(p.have[at], want, plan.Owns)
	s := step{spot: at, dev: rtnl.Device{Name: at.device}, ops: ops}
	for _, e := range p.ends() {
		if e.where == at.where && e.link.Name == at.device {
			s.dev = e.link.Device()
			s.newNames = p.missingMarks(e, want, ops)
		}
	}
	return s, err
}

// missingMarks lists the marks that an end needs for the plan and does not have.
func (p *place) missingMarks(e end, want tc.Tree, ops []tc.Op) []string {
	var need []string
	if e.where == tc.OnHost && len(want.Objects) > 0 {
		need = append(need, string(p.mark))
	}
	for _, op := range ops {
		q, ok := op.Object.(tc.Qdisc)
		if !ok || op.Verb != tc.Add {
			continue
		}
		if q.Parent == tc.HandleClsact {
			need = append(need, p.mark.onClsact())
		}
		if e.link.TxQLen == 0 && !slices.Contains(need, p.mark.onNoQueue()) {
			need = append(need, p.mark.onNoQueue())
		}
	}
	return slices.DeleteFunc(need, func(name string) bool { return slices.Contains(e.link.AltNames, name) })
}

// send carries steps out, one batch for each namespace.
func (p *place) send(steps []step) error {
	var loaded programs
	defer func() { loaded.close() }()
	for _, where := range []tc.Where{tc.InContainer, tc.OnHost} {
		batch := p.conn(where).Batch()
		for _, s := range steps {
			if s.where != where {
				continue
			}
			if err := loaded.load(p, batch, s.ops); err != nil {
				return err
			}
			s.addTo(batch)
		}
		if err := batch.Run(); err != nil {
			return err
		}
	}
	return nil
}
