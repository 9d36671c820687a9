// SPDX-License-Identifier: Apache-2.0

package conf

import "slices"

// holdRates gives policy.maxRate to what somebody else than the administrator
// asks for without a rate: a direction, and a rule that would let packets pass
// outside of the direction's rate.
func (p *parser) holdRates() error {
	c := p.conf
	if c.Policy.MaxRate == 0 {
		return nil
	}
	for _, d := range [...]struct {
		direction **Direction
		from      string
		source    *string // of its rate
		free      bool
	}{
		{&c.Egress, c.Sources.Egress, &c.Sources.EgressRate, p.free.egress},
		{&c.Ingress, c.Sources.Ingress, &c.Sources.IngressRate, p.free.ingress},
	} {
		// The capability may name the networks that its rate is for, or not for.
		networks := *d.source == bandwidthSource && p.static == nil
		if *d.direction == nil || d.free && !networks {
			continue
		}
		held := p.held(**d.direction, *d.source != "")
		if (*d.direction).Rate == 0 {
			*d.source = p.conflistName()
		}
		*d.direction = held
		if err := p.reader(d.from).checkHeld(held); err != nil {
			return err
		}
	}
	return nil
}

// held returns a direction of which nothing passes without a rate, but for the
// networks that the conflist lets pass: those are its first rule, where a
// bandwidth was applied.
func (p *parser) held(d Direction, bandwidth bool) *Direction {
	if d.Rate == 0 {
		d.Rate = p.conf.Policy.MaxRate
	}
	d.Rules = slices.Clone(d.Rules)
	first := 0
	if bandwidth && p.static != nil && p.static.unshaped != nil {
		first = 1
	}
	for i := first; i < len(d.Rules); i++ {
		if r := &d.Rules[i]; r.IsZero() {
			r.Rate = max(d.Rate, d.Ceil)
		}
	}
	return &d
}
