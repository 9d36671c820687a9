// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"fmt"

	"tcni.dev/conf"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
)

// Inspection is what is to be, and what is, of one attachment.
type Inspection struct {
	Plan        *plan.Plan
	Differences []string // "container eth0: SLOT: want X, got Y"; none: all is as asked for
	Steps       []Step   // that would bring the one to the other
	Foreign     error    // where something of somebody else's stands in the way: none of them can be done

	have map[spot]tc.Tree // what was seen
}

// Step is a command that would be given.
type Step struct {
	Where tc.Where
	Line  string
}

// Inspect compares what the record says with what is there. The host is one that
// looks at many attachments; it may be nil.
func Inspect(h *Host, r Record) (*Inspection, error) { return inspect(h, r.attachment(r.Shape())) }

// Preview compares another shape with what is there. A *tc.ForeignError says that
// it cannot be had.
func Preview(r Record, s conf.Shape) (*Inspection, error) {
	in, err := inspect(nil, r.attachment(s))
	if err == nil && in.Foreign != nil {
		return nil, in.Foreign
	}
	return in, err
}

func inspect(h *Host, a Attachment) (*Inspection, error) {
	p, err := findFrom(h, a.Identity, a.Netns)
	if err != nil {
		return nil, err
	}
	defer p.close()
	e, err := p.exempt(a)
	if err != nil {
		return nil, err
	}
	if err := p.look(); err != nil {
		return nil, err
	}
	p.stays = true
	made, err := p.build(a, e)
	if err != nil {
		return nil, err
	}
	steps, foreign := p.difference(made)
	in := &Inspection{Plan: made, Foreign: foreign, have: p.have}
	for _, s := range steps {
		in.add(s)
	}
	missing, err := e.missing(made)
	in.Differences = append(in.Differences, missing...)
	return in, err
}

func (in *Inspection) add(s step) {
	for _, name := range s.newNames {
		in.Differences = append(in.Differences, fmt.Sprintf("%s %s: altname: want %s, got nothing", s.where, s.device, name))
		in.Steps = append(in.Steps, Step{s.where, fmt.Sprintf("ip link property add dev %s altname %s", s.device, name)})
	}
	for _, d := range tc.Differences(s.ops) {
		in.Differences = append(in.Differences, fmt.Sprintf("%s %s: %s", s.where, s.device, d))
	}
	for _, op := range s.ops {
		for _, line := range op.Lines(s.device) {
			in.Steps = append(in.Steps, Step{s.where, line})
		}
	}
}

// device0 names the device at a spot.
func (p *place) device0(at spot) rtnl.Device {
	for _, e := range p.ends() {
		if e.where == at.where && e.link.Name == at.device {
			return e.link.Device()
		}
	}
	return rtnl.Device{Name: at.device}
}
