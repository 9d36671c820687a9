// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"tcni.dev/pkg/tc"
)

// finish completes and validates an impairment that was read in either form.
func (r *reader) finish(imp *Impairment) error {
	if err := r.applySamples(imp); err != nil {
		return r.in("delaySamples", func() error { return err })
	}
	for i := range params {
		p := &params[i]
		if p.needs == "" || isZero(p.at(imp)) {
			continue
		}
		if isZero(paramByKey(p.needs).at(imp)) {
			return r.in(p.key, func() error { return fmt.Errorf("needs %s", p.needs) })
		}
	}
	for _, c := range checks {
		if err := c.check(r, imp); err != nil {
			return r.in(c.key, func() error { return err })
		}
	}
	if imp.Netem.Reorder != 0 && imp.Netem.Gap == 0 {
		imp.Netem.Gap = 1 // as tc(8) does: without one the kernel reorders nothing
	}
	r.cautions(imp)
	return nil
}

// checks are what the kernel or sense demands of a key beside its range.
var checks = [...]struct {
	key   string
	check func(*reader, *Impairment) error
}{
	{"ceil", func(_ *reader, i *Impairment) error {
		if i.Ceil != 0 && i.Ceil < i.Rate {
			return fmt.Errorf("%v is below rate, %v", i.Ceil, i.Rate)
		}
		return nil
	}},
	{"linkLayer", checkLinkLayer},
	{"cellSize", checkCells},
	{"ceil", notOfNetem(func(i *Impairment) bool { return i.Ceil != 0 })},
	{"burst", notOfNetem(func(i *Impairment) bool { return i.Burst != 0 })},
	{"mpu", notOfNetem(func(i *Impairment) bool { return i.Framing.MPU != 0 })},
	{"jitter", func(_ *reader, i *Impairment) error { return checkJitter(i.Netem.Jitter) }},
	{"distribution", func(r *reader, i *Impairment) error { return r.checkDistribution(&i.Netem.Distribution) }},
	{"keepOrder", func(_ *reader, i *Impairment) error {
		if i.KeepOrder == OrderKeep && i.Netem.Reorder != 0 {
			return errors.New("contradicts reorder")
		}
		return nil
	}},
	{"loss", func(_ *reader, i *Impairment) error { return checkLoss(i.Netem.Loss) }},
	{"slot", func(r *reader, i *Impairment) error { return r.checkSlot(&i.Netem.Slot) }},
}

// maxJitter is what the kernel cuts a jitter down to, without a word (tabledist
// in net/sched/sch_netem.c takes 32 bits).
const maxJitter = tc.Time(math.MaxInt32)

func checkJitter(t tc.Time) error {
	if t > maxJitter {
		return fmt.Errorf("%v is outside 0s..%v", t, maxJitter)
	}
	return nil
}

// checkLoss holds the 4-state model to what its 32-bit sums can tell apart:
// the ways out of one state are at most certain together.
func checkLoss(l tc.Loss) error {
	if l.Model != tc.LossState {
		return nil
	}
	p13, p31, p32, p14 := l.P[0], l.P[1], l.P[2], l.P[4]
	switch {
	case p13+p14 > tc.MaxPercent:
		return fmt.Errorf("p13 + p14: %v is above 100%%", p13+p14)
	case p31+p32 > tc.MaxPercent:
		return fmt.Errorf("p31 + p32: %v is above 100%%", p31+p32)
	}
	return nil
}

// cautions warns of what works, but not as it reads.
func (r *reader) cautions(imp *Impairment) {
	n := &imp.Netem
	if early := -earliest(n); early > n.Delay {
		r.caution("jitter", "%v is above delay, %v: what would be sent before it came is sent at once, and the mean is higher", early, n.Delay)
	}
	if n.DelayCorr != 0 {
		r.caution("delayCorrelation", "netem takes the low bits of its correlated random numbers, which are not correlated: the kernel draws each delay alone")
	}
	idle := !n.Impairs() && imp.Framing == (Framing{})
	if idle && n.Limit != 0 {
		r.caution("limit", noNetem)
	}
	if idle && n.Seed.Set {
		r.caution("seed", noNetem)
	}
	for _, c := range []struct {
		key  string
		corr tc.Percent
		of   string
	}{
		{"duplicateCorrelation", n.DuplicateCorr, "duplicate"},
		{"corruptCorrelation", n.CorruptCorr, "corrupt"},
		{"reorderCorrelation", n.ReorderCorr, "reorder"},
	} {
		if c.corr != 0 {
			r.caution(c.key, "netem's correlated random numbers crowd around the middle: the share of %s will not be the one asked for", c.of)
		}
	}
}

const noNetem = "does nothing without a delay, a loss or the like"

// cautionRounded warns of a value that was read and is too small to do anything.
func (r *reader) cautionRounded(at any, text string) {
	switch at.(type) {
	case *tc.Time, *tc.Percent, *tc.Loss:
		if isZero(at) && strings.ContainsAny(text, "123456789") {
			r.warnf("%s is rounded to nothing", text)
		}
	}
}

func (r *reader) caution(key, format string, args ...any) {
	_ = r.in(key, func() error { r.warnf(format, args...); return nil })
}
