// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
)

// Counted is what the queues of an attachment counted.
type Counted struct {
	Plan            *plan.Plan // what the queues are for
	Egress, Ingress []rtnl.Stats

	// What each rule took, in their order; nil where none shares its class.
	EgressRules, IngressRules []Taken
}

// Count reads the counters of both directions. The host may be nil.
func Count(h *Host, r Record) (*Counted, error) {
	p, err := findFrom(h, r.Identity, r.Netns)
	if err != nil {
		return nil, err
	}
	defer p.close()
	if !p.plain() {
		if err := p.look(); err != nil {
			return nil, err
		}
	}
	a := r.attachment(r.Shape())
	made, err := p.build(a, exemption{})
	if err != nil {
		return nil, err
	}
	c := &Counted{Plan: made}
	if c.Egress, err = p.stats(made.Egress); err != nil {
		return nil, err
	}
	if c.Ingress, err = p.stats(made.Ingress); err != nil {
		return nil, err
	}
	if c.EgressRules, err = p.taken("egress", a, made); err == nil {
		c.IngressRules, err = p.taken("ingress", a, made)
	}
	return c, err
}

// plain tells that the host's end is ours or nobody's: where things are then
// follows without a look.
func (p *place) plain() bool {
	return p.peer == nil || p.peer.Qdisc == "htb" || p.peer.Qdisc == noqueue
}

func (p *place) stats(s *plan.Site) ([]rtnl.Stats, error) {
	if s == nil {
		return nil, nil
	}
	return p.conn(s.Where).Stats(p.device0(spot{s.Where, s.Device.Name}))
}

// Ceil returns what a class of the plan carries at most.
func (c *Counted) Ceil(s *plan.Site, class tc.Handle) tc.Rate {
	for _, o := range treeAt(c.Plan, spot{s.Where, s.Device.Name}).Objects {
		if cl, ok := o.(tc.Class); ok && cl.Handle == class {
			return cl.HTB.Ceil
		}
	}
	return 0
}
