// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"

	"tcni.dev/conf"
	"tcni.dev/pkg/plan"
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
	if !a.ExemptNode && records.exempts(p.mark) { // an earlier ADD did
		if err := removeExemption(p.mark); err != nil {
			return nil, p.takeBack(err, a, records)
		}
	}
	locked, err := records.Write(a.record(p)) // no session begins before the end
	if err != nil {
		return nil, p.takeBack(err, a, records)
	}
	defer func() { _ = unix.Close(locked) }()
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
	made, err := plan.Build(a.Shape, facts)
	if err == nil && p.programless(made.Trees) {
		facts.NoPrograms = true
		made, err = plan.Build(a.Shape, facts)
	}
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
