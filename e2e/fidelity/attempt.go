// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// measure measures a case with tcni, a second time if it fails, and with netem.
func (r *runner) measure(ctx context.Context, c Case) CaseReport {
	out := CaseReport{Name: c.Name, Words: c.Words, Plain: c.Plain}
	out.TCNI = r.attempt(ctx, c, tcni, r.scale)
	if !out.TCNI.OK() {
		first := out.TCNI
		out.First = &first
		out.TCNI = r.attempt(ctx, c, tcni, r.scale)
	}
	if c.Plain != "" {
		m := r.attempt(ctx, c, netem, r.scale/2) // to compare with: it is not judged
		out.Netem = &m
	}
	return out
}

// attempt measures a case once; what goes wrong is part of the outcome.
func (r *runner) attempt(ctx context.Context, c Case, variant string, scale float64) Attempt {
	var a Attempt
	begin := time.Now()
	err := r.with(ctx, c, variant, scale, func(l *Link) (err error) {
		a.Said = l.diagnostic
		a.Measured, err = c.Measure(ctx, l)
		return errors.Join(err, a.onlyNumbers())
	})
	if err != nil {
		a.Error = err.Error()
	}
	if variant == tcni && c.Error != "" && before(c.ErrorBelow) {
		a.Refused = err != nil && strings.Contains(a.Error, c.Error)
	}
	if variant == tcni {
		for i := range a.Readings {
			a.Readings[i].Known = c.Known[a.Readings[i].Metric]
		}
	}
	a.Seconds = time.Since(begin).Seconds()
	return a
}

// onlyNumbers takes away readings that are no numbers, which JSON has no words
// for, and returns an error that names them.
func (a *Attempt) onlyNumbers() (err error) {
	a.Readings = slices.DeleteFunc(a.Readings, func(r Reading) bool {
		sum := r.Value + r.Low + r.High + r.From + r.To
		none := math.IsNaN(sum) || math.IsInf(sum, 0)
		if none {
			err = errors.Join(err, fmt.Errorf("%s: %v (%v … %v) is not a number", r.Metric, r.Value, r.Low, r.High))
		}
		return none
	})
	return err
}

// with calls fn on a link of the variant's. Plain netem has one attachment for
// all cases, on which it comes and goes; tcni a new one for each.
func (r *runner) with(ctx context.Context, c Case, variant string, scale float64, fn func(*Link) error) error {
	if c.Direction == "" {
		c.Direction = Egress
	}
	r.number++
	if variant == netem {
		l := *r.plain
		l.Case, l.Variant, l.Scale, l.Base, l.port = c, netem, scale, r.base, uint16(20000+r.number*10)
		if err := l.netem(ctx, "add", c.Plain); err != nil {
			return err
		}
		return errors.Join(fn(&l), l.netem(ctx, "del", ""))
	}
	l, err := attach(ctx, r.lab, fmt.Sprintf("c%d", r.number), c, variant)
	if err != nil {
		return err
	}
	l.Scale, l.Base = scale, r.base
	return errors.Join(fn(l), l.detach(ctx))
}
