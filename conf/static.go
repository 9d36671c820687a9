// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"math"

	"tcni.dev/pkg/tc"
)

// readStatic reads the same keys from the conflist.
func (p *parser) readStatic(r *reader) error {
	var b bandwidth
	given := false
	for i, v := range p.top.static {
		if !v.present() {
			continue
		}
		given = true
		if err := r.bandwidthValue(&b, i, v); err != nil {
			return err
		}
	}
	for _, c := range [...]struct {
		key   string
		burst uint64
	}{{"egressBurst", b.egressBurst}, {"ingressBurst", b.ingressBurst}} {
		if c.burst > maxBurst {
			return r.in(c.key, func() error { return fmt.Errorf("%d is outside 0..%d, in bits", c.burst, int64(maxBurst)) })
		}
	}
	if !given {
		return nil
	}
	p.static = &b
	for _, w := range p.wants(&b) {
		if err := r.in(w.key, func() error { return w.checkStatic(p.conflist) }); err != nil {
			return err
		}
	}
	return r.checkSubnets(&b)
}

// hasRates tells whether any rate or burst was written, be it 0: the reference
// plugin then does not look at the capability.
func (t *top) hasRates() bool {
	for i, v := range t.static {
		if _, isRate := bandwidthKeys[i].at(&bandwidth{}).(*uint64); isRate && v.present() {
			return true
		}
	}
	return false
}

// maxBurst is the largest burst of the reference plugin, in bits: one byte less
// than its 32-bit field could hold.
const maxBurst = math.MaxUint32*8 - 1

// checkStatic holds the conflist's keys to what they may be: a runtime cannot
// be told its mistakes, an administrator can.
func (w want) checkStatic(conflist layer) error {
	d := conflist.egress.value
	if w.ingress {
		d = conflist.ingress.value
	}
	switch {
	case w.rate == 0 && w.burst != 0:
		return errors.New("is missing, or 0, and there is a burst for it")
	case w.rate != 0 && d != nil && d.Rate != 0:
		return fmt.Errorf("stands beside a rate of %v in the direction: give one of them", d.Rate)
	case w.rate > uint64(tc.MaxRate) || w.rate != 0 && tc.Rate(w.rate) < tc.MinRate:
		return fmt.Errorf("%d bit/s is outside %v..%v", w.rate, tc.MinRate, tc.MaxRate)
	}
	return nil
}
