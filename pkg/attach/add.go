// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"tcni.dev/conf"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
)

// ErrShape says that the shape cannot be had on this host.
var ErrShape = errors.New("cannot shape")

// Attachment is what a runtime asks for.
type Attachment struct {
	Identity
	Netns string // path
	*conf.Conf
}

// Add gives the container's interface its shape, whatever is there already: two
// times is the same as once. On an error all that is ours is taken back. The
// warnings are for people.
func Add(a Attachment, records Records) (warnings []string, err error) {
	if a.Egress == nil && a.Ingress == nil {
		return nil, removeEarlier(a, records)
	}
	p, err := find(a.Identity, a.Netns)
	if err != nil {
		return nil, err
	}
	defer p.close()
	if err := records.Write(a.record(p)); err != nil {
		return nil, errors.Join(err, records.Remove(p.mark))
	}
	made, err := p.install(a)
	if err != nil {
		return nil, p.takeBack(err, a, records)
	}
	return made.Warnings, nil
}

// removeEarlier is what an ADD that asks for nothing does after one that did.
func removeEarlier(a Attachment, records Records) error {
	if _, err := records.Read(a.Mark()); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return Remove(a.Identity, a.Netns, a.ExemptNode, records)
}

// takeBack undoes an ADD that failed with err.
func (p *place) takeBack(err error, a Attachment, records Records) error {
	if undo := Remove(a.Identity, a.Netns, a.ExemptNode, records); undo != nil {
		return fmt.Errorf("%w; and taking it back: %w", err, undo)
	}
	return err
}

func (a Attachment) record(p *place) Record {
	r := Record{
		Identity: a.Identity, Netns: a.Netns, Pod: a.Pod, Placement: a.Placement, Exempt: a.ExemptNode,
		Egress: a.Egress, Ingress: a.Ingress, Sources: a.Sources,
		MaxQueue: a.Policy.MaxQueue, Classifier: a.Classifier,
	}
	if a.ExemptNode {
		r.Addrs, _ = podPrefixes(a.PrevResult) // an error is exempt's to tell
	}
	if p.peer != nil {
		r.HostLink = p.peer.Name
	}
	return r
}

// install puts the shape into the kernel. Where nothing is there yet, all is
// sent without a look; if that meets something after all, or where something
// was seen, what is there is read and only the difference is sent.
func (p *place) install(a Attachment) (*plan.Plan, error) {
	e, err := p.exempt(a)
	if err != nil {
		return nil, err
	}
	made, err := p.build(a, e)
	if err != nil {
		return nil, err
	}
	if !p.untouched(made) || p.apply(made) != nil {
		if made, err = p.converge(a, e); err != nil {
			return nil, err
		}
	}
	return made, e.install(made)
}

func (p *place) build(a Attachment, e exemption) (*plan.Plan, error) {
	facts := p.facts(e.sources)
	facts.MaxQueue, facts.Classifier = a.Policy.MaxQueue, a.Classifier
	facts.NoPrograms = p.programless(a.Shape)
	made, err := plan.Build(a.Shape, facts)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrShape, err)
	}
	return made, nil
}

// converge brings what is there to what is wanted.
func (p *place) converge(a Attachment, e exemption) (*plan.Plan, error) {
	if err := p.refresh(); err != nil {
		return nil, err
	}
	if err := p.look(); err != nil {
		return nil, err
	}
	made, err := p.build(a, e)
	if err != nil {
		return nil, err
	}
	return made, p.apply(made)
}

// apply sends the difference between what is known to be there and the plan.
func (p *place) apply(made *plan.Plan) error {
	steps, err := p.difference(made)
	if err != nil {
		return err
	}
	return p.send(steps)
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
// plan; those that the plan does not need are cleared.
func (p *place) difference(made *plan.Plan) ([]step, error) {
	var steps []step
	planned := map[spot]bool{}
	for _, want := range made.Trees {
		at := spot{want.Where, want.Device}
		planned[at] = true
		s, err := p.stepFor(at, plan.Keep(p.have[at], want))
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	for _, at := range p.spots() {
		if planned[at] || len(p.have[at].Objects) == 0 {
			continue
		}
		s, err := p.stepFor(at, tc.Tree{Where: at.where, Device: at.device})
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	return slices.DeleteFunc(steps, func(s step) bool { return len(s.ops)+len(s.newNames) == 0 }), nil
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
	if err != nil {
		return step{}, err
	}
	s := step{spot: at, dev: rtnl.Device{Name: at.device}, ops: ops}
	for _, e := range p.ends() {
		if e.where == at.where && e.link.Name == at.device {
			s.dev = e.link.Device()
			s.newNames = p.missingMarks(e, want, ops)
		}
	}
	return s, nil
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
