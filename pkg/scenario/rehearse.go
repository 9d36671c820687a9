// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"
	"iter"

	"tcni.dev/conf"
)

// Scene is what an event gives to one target.
type Scene struct {
	Event
	Role  Role // nil: the event changes nothing
	Shape conf.Shape
}

// Rehearse lists what each event does to each target that it is for, as far as
// the shapes go: no time passes and no target is changed. An error names the
// step and the target.
func Rehearse(events iter.Seq2[Event, error], roles []Role, names map[string]Names) iter.Seq2[Scene, error] {
	return func(yield func(Scene, error) bool) {
		shapes := map[string]conf.Shape{}
		for _, r := range roles {
			shapes[r.Name()] = r.Base()
		}
		for e, err := range events {
			if err != nil || e.Edit == nil {
				if !yield(Scene{Event: e}, err) {
					return
				}
				continue
			}
			for _, r := range roles {
				if !e.On.include(r, names) {
					continue
				}
				s, err := e.Edit(r.Name(), shapes[r.Name()], r.Base())
				if err != nil {
					yield(Scene{}, fmt.Errorf("%s: %v: %w", e.Step, r, err))
					return
				}
				shapes[r.Name()] = s
				if !yield(Scene{e, r, s}, nil) {
					return
				}
			}
		}
	}
}

// Try rehearses all steps, so that what a target lacks is told before anything is
// played. What repeats is tried twice: the second time begins with what the
// first has left.
func (p *Program) Try(roles []Role, names map[string]Names) error {
	for _, err := range Rehearse(p.events(true), roles, names) {
		if err != nil {
			return err
		}
	}
	return nil
}
