// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tcni.dev/pkg/dist"
	"tcni.dev/pkg/tc"
)

// packetSize is what a packet of a queue counted in packets is held to be.
const packetSize = 1500

// bound holds a direction that somebody else than the administrator gave to
// the policy.
func (r *reader) bound(p *Policy, d *Direction) error {
	if len(d.Rules) > int(p.MaxRules) {
		return r.in("rules", func() error {
			return fmt.Errorf("%d is above policy.maxRules, %d", len(d.Rules), p.MaxRules)
		})
	}
	if err := r.boundImpairment(p, &d.Impairment); err != nil {
		return err
	}
	for i := range d.Rules {
		err := r.in("rules["+strconv.Itoa(i)+"]", func() error { return r.boundImpairment(p, &d.Rules[i].Impairment) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) boundImpairment(p *Policy, i *Impairment) error {
	for _, b := range policyBounds {
		if err := b.check(p, i); err != nil {
			return r.in(b.key, func() error { return err })
		}
	}
	return r.boundGroups(p, i)
}

// policyBounds names, for each bound, the key that breaks it.
var policyBounds = [...]struct {
	key   string
	check func(*Policy, *Impairment) error
}{
	{"delay", func(p *Policy, i *Impairment) error { return p.checkDelay(i.Netem.Delay) }},
	{"jitter", func(p *Policy, i *Impairment) error {
		n := i.Netem
		n.Slot = tc.Slot{}
		return p.checkLongest(n)
	}},
	{"slot", func(p *Policy, i *Impairment) error { return p.checkLongest(i.Netem) }},
	{"rate", func(p *Policy, i *Impairment) error { return p.checkRate(i.Rate) }},
	{"ceil", func(p *Policy, i *Impairment) error { return p.checkRate(i.Ceil) }},
	{"burst", func(p *Policy, i *Impairment) error { return p.checkQueue(i.Burst) }},
	{"buffer", func(p *Policy, i *Impairment) error {
		return p.checkQueue(max(i.Buffer.Bytes, max(i.Rate, i.Ceil).BytesIn(i.Buffer.Time)))
	}},
	{"limit", func(p *Policy, i *Impairment) error { return p.checkQueue(tc.Size(i.Netem.Limit) * packetSize) }},
}

func (p *Policy) checkDelay(t tc.Time) error {
	if t > p.MaxDelay {
		return fmt.Errorf("%v is above policy.maxDelay, %v", t, p.MaxDelay)
	}
	return nil
}

// checkLongest holds all that delays a packet to the bound together.
func (p *Policy) checkLongest(n tc.Netem) error {
	if t := dist.Longest(n); t > p.MaxDelay {
		return fmt.Errorf("with it a packet is held for up to %v, above policy.maxDelay, %v", t, p.MaxDelay)
	}
	return nil
}

func (p *Policy) checkRate(rate tc.Rate) error {
	switch {
	case rate != 0 && rate < p.MinRate:
		return fmt.Errorf("%v is below policy.minRate, %v", rate, p.MinRate)
	case p.MaxRate != 0 && rate > p.MaxRate:
		return fmt.Errorf("%v is above policy.maxRate, %v", rate, p.MaxRate)
	}
	return nil
}

func (p *Policy) checkQueue(s tc.Size) error {
	if s > p.MaxQueue {
		return fmt.Errorf("%v is above policy.maxQueue, %v", s, p.MaxQueue)
	}
	return nil
}

// boundGroups refuses impairments that policy.impairments does not list.
func (r *reader) boundGroups(p *Policy, i *Impairment) error {
	if p.Impairments == nil {
		return nil
	}
	for n := range params {
		q := &params[n]
		if !isZero(q.at(i)) && !slices.Contains(p.Impairments, q.group) {
			return r.in(q.key, func() error {
				return fmt.Errorf("%s is not among policy.impairments (%s)", q.group, strings.Join(p.Impairments, ", "))
			})
		}
	}
	return nil
}
