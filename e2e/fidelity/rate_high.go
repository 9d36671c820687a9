// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tcni.dev/e2e/lab"
)

// headroom is how much more than a rate the guest must carry for the rate to be
// judged: below it a missing percent may be the guest's own.
const headroom = 1.5

// jumbo is an MTU with which the guest carries more than with Ethernet's 1500:
// what it is slow at is packets, not bytes.
const jumbo = 9000

// open is a shape that splits packets as a rate up to 1 Gbit/s does, and is in
// nobody's way.
const open = "rate 10gbit loss 0.0001%"

// highRates are the steps above what every guest carries, by MTU.
func highRates() (cases []Case) {
	for _, s := range []struct {
		words string
		mbit  float64
		mtu   int
	}{{"rate 500mbit", 500, 1500}, {"rate 500mbit", 500, jumbo}, {"rate 1gbit", 1000, jumbo}} {
		cases = append(cases, Case{Name: fmt.Sprintf("TCP, MTU %d", s.mtu), Words: s.words, MTU: s.mtu, Measure: highRate(s.mbit)})
	}
	return cases
}

// highRate measures a rate, and judges it where the same guest carries enough
// more without it, on an attachment of its own with the same MTU.
func highRate(mbit float64) Measurement {
	return func(ctx context.Context, l *Link) (m Measured, err error) {
		undo, err := l.worldMTU(ctx)
		if err != nil {
			return m, err
		}
		carried, err := l.carries(ctx)
		if err == nil {
			m, err = tcpRate(mbit, false)(ctx, l)
		}
		if err = errors.Join(err, undo()); err != nil {
			return m, err
		}
		return m.where(carried, mbit), nil
	}
}

// where is a measured rate beside what the guest carries without it.
func (m Measured) where(carried, mbit float64) Measured {
	if carried < headroom*mbit {
		for i := range m.Readings {
			m.Readings[i] = m.Readings[i].info()
			m.Readings[i].Shown = fmt.Sprintf("the guest carries %.0f Mbit/s", carried)
		}
		m.Series = nil
	}
	m.Readings = append(m.Readings, within("carried without it", "Mbit/s", headroom*mbit, 0, carried, 1).info())
	return m
}

// carries is what a link like this one carries under an open shape, in Mbit/s on
// the wire.
func (l *Link) carries(ctx context.Context) (float64, error) {
	c := l.Case
	c.Words = open
	other, err := attach(ctx, l.lab, l.Container.Name+"open", c, l.Variant)
	if err != nil {
		return 0, err
	}
	carried, _, err := tcpOnWire(ctx, other, 10_000, false)
	return carried, errors.Join(err, other.detach(ctx))
}

// worldMTU gives the world's link the case's MTU, and returns what gives it back
// its own.
func (l *Link) worldMTU(ctx context.Context) (undo func() error, err error) {
	set := func(ctx context.Context, mtu int) (err error) {
		for _, end := range []struct {
			ns  *lab.NS
			dev string
		}{{l.World, "eth0"}, {l.Node, l.World.Name}} {
			_, e := end.ns.Output(ctx, "ip", "link", "set", "dev", end.dev, "mtu", fmt.Sprint(mtu))
			err = errors.Join(err, e)
		}
		return err
	}
	undo = func() error { return set(context.WithoutCancel(ctx), defaultMTU) }
	if err = set(ctx, l.Case.MTU); err != nil {
		err = errors.Join(err, undo())
	}
	return undo, err
}

// highest says up to which rate the family's readings are judged, and why no
// higher; it is empty for a family without rates.
func (f FamilyReport) highest() string {
	judged, why := 0.0, []string{}
	for _, c := range f.Cases {
		for _, r := range c.TCNI.Readings {
			switch {
			case r.Metric != rateMetric:
			case r.Shown != "":
				why = append(why, fmt.Sprintf("`%s` with %s: %s", c.Words, c.Name, r.Shown))
			case !r.Info:
				judged = max(judged, r.Asked)
			}
		}
	}
	if judged == 0 {
		return ""
	}
	s := fmt.Sprintf("The highest rate judged is %.4g Mbit/s.", judged)
	if len(why) > 0 {
		s += fmt.Sprintf(" Shown only, since a rate is judged where the guest carries %g times as much without it: %s.", headroom, strings.Join(why, "; "))
	}
	return s
}
