// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"errors"
	"fmt"
	"slices"

	"tcni.dev/conf"
)

// move is what an event does to one target.
type move struct {
	target Target
	shape  conf.Shape
	do     func() error
	err    error // of preparing it
}

// prepare computes an event's moves.
func (p *Player) prepare(e Event, names map[string]Names) (out []move) {
	if e.Edit == nil {
		return nil
	}
	for _, t := range p.targets(e.On, names) {
		m := move{target: t}
		m.shape, m.err = e.Edit(t.Name(), p.shapes[t.Name()], t.Base())
		if m.err == nil {
			m.do, m.err = t.Prepare(m.shape, e.Step)
		}
		out = append(out, m)
	}
	return out
}

// carryOut makes the moves, one right after the other.
func (p *Player) carryOut(e Event, moves []move) error {
	results := make([]Done, len(moves))
	for i, m := range moves {
		d := Done{Event: e, Target: m.target.Name(), Shape: m.shape, Err: m.err}
		if d.Err == nil {
			d.Err = m.do()
		}
		d.Time = p.Clock.Now()
		d.Late = d.Time.Sub(p.start.Add(e.At))
		results[i] = d
	}
	var errs []error
	for i, d := range results {
		p.Done(d)
		switch {
		case errors.Is(d.Err, ErrTargetGone):
			p.Targets = slices.DeleteFunc(p.Targets, func(t Target) bool { return t == moves[i].target })
			if len(p.Targets) == 0 {
				errs = append(errs, d.Err)
			}
		case d.Err != nil:
			errs = append(errs, fmt.Errorf("%s: %v: %w", e.Step, moves[i].target, d.Err))
		default:
			p.shapes[d.Target] = d.Shape
		}
	}
	return errors.Join(errs...)
}

// targets finds those that an event is for. names leads from the scenario's
// names to those of Targets.
func (p *Player) targets(on Names, names map[string]Names) (out []Target) {
	for _, t := range p.Targets {
		if on.include(t, names) {
			out = append(out, t)
		}
	}
	return out
}

// include tells whether an event on these names is for r.
func (on Names) include(r Role, names map[string]Names) bool {
	return len(on) == 0 || slices.ContainsFunc(on, func(name string) bool { return slices.Contains(names[name], r.Name()) })
}
