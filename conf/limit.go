// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"fmt"
	"math"
	"slices"

	"tcni.dev/pkg/tc"
)

// want is the rate that a bandwidth gives to one direction.
type want struct {
	key         string
	ingress     bool
	rate, burst uint64 // bit/s, bits
}

func (p *parser) wants(b *bandwidth) [2]want {
	return [2]want{
		{"egressRate", false, b.egressRate, b.egressBurst},
		{"ingressRate", true, b.ingressRate, b.ingressBurst},
	}
}

// applyBandwidth sets the rate of each direction to what the bandwidth
// capability says, unless a source more specific than the conflist gave that
// direction a rate. The same keys in the conflist stand in the capability's
// place, as they do for the reference plugin.
func (p *parser) applyBandwidth() error {
	r := p.reader(bandwidthSource)
	defer func() { p.collect(r) }()
	policy := &p.conf.Policy
	var b bandwidth
	var err error
	if !p.top.hasRates() {
		b, err = r.capability(p.top.runtimeConfig)
	}
	if err != nil {
		return err
	}
	if p.static != nil {
		if p.top.hasRates() {
			p.warnCapability(r)
			p.collect(r)
			b, r, policy = *p.static, p.reader(p.conflistName()), nil
		} else { // an administrator's networks for a pod's rates
			b.shaped, b.unshaped = p.static.shaped, p.static.unshaped
		}
	}
	for _, w := range p.wants(&b) {
		if err := r.in(w.key, func() error { return p.limit(r, w, &b, policy) }); err != nil {
			return err
		}
	}
	return nil
}

// warnCapability says that what a pod asked for does not hold.
func (p *parser) warnCapability(r *reader) {
	if b, err := p.reader(bandwidthSource).capability(p.top.runtimeConfig); err != nil || b.egressRate|b.ingressRate != 0 {
		r.warnf("is not used: %s gives the rates", p.conflistName())
	}
}

// limit gives one direction its rate. Without a policy it is the conflist's.
func (p *parser) limit(r *reader, w want, b *bandwidth, policy *Policy) error {
	c := p.conf
	d, source, own := &c.Egress, &c.Sources.EgressRate, c.Sources.Egress == p.conflist.egress.source
	if w.ingress {
		d, source, own = &c.Ingress, &c.Sources.IngressRate, c.Sources.Ingress == p.conflist.ingress.source
	}
	if w.rate == 0 || *d != nil && (*d).Rate != 0 && !own {
		return nil
	}
	rate, burst, err := r.limits(w, policy)
	if err != nil {
		return err
	}
	if burst != 0 && *d != nil && (*d).Framing.NetemOnly() {
		r.warnf("its burst is not used: it cannot be had beside %s of the conflist", netemOnly)
		burst = 0
	}
	*d = b.limited(*d, rate, burst)
	*source = r.source
	return nil
}

// limits returns the rate and the burst in the units of tc.
func (r *reader) limits(w want, policy *Policy) (tc.Rate, tc.Size, error) {
	if w.rate > uint64(tc.MaxRate) {
		r.warnf("%d bit/s is above %v, which holds", w.rate, tc.MaxRate)
		w.rate = uint64(tc.MaxRate)
	}
	rate, burst := tc.Rate(w.rate)&^7, tc.Size(w.burst/8)
	if rate < tc.MinRate {
		return 0, 0, fmt.Errorf("%d bit/s is outside %v..%v", w.rate, tc.MinRate, tc.MaxRate)
	}
	if policy == nil {
		return rate, burst, nil
	}
	// Runtimes write a burst of this size where nobody asked for one. It would
	// leave the first seconds unshaped.
	if w.burst >= math.MaxInt32 {
		burst = 0
	}
	return rate, min(burst, policy.MaxQueue), policy.checkRate(rate)
}

// limited returns a direction with the rate, which holds for all, or for some
// remote networks only. d may be nil.
func (b *bandwidth) limited(d *Direction, rate tc.Rate, burst tc.Size) *Direction {
	var out Direction
	if d != nil {
		out = *d
	}
	limit := out.Impairment
	limit.Rate, limit.Ceil, limit.Burst = rate, 0, burst
	switch {
	case b.shaped != nil:
		out.Rate, out.Ceil, out.Burst, out.Framing, out.Buffer = 0, 0, 0, Framing{}, Buffer{}
		out.Rules = append(slices.Clone(out.Rules), Rule{Match: Match{CIDRs: b.shaped}, Impairment: limit})
	case b.unshaped != nil:
		out.Impairment = limit
		out.Rules = append([]Rule{{Match: Match{CIDRs: b.unshaped}}}, out.Rules...)
	default:
		out.Impairment = limit
	}
	return &out
}
