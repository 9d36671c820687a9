// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"slices"

	"tcni.dev/conf"
	"tcni.dev/pkg/plan"
)

// Prepare computes how the topmost override, a player's, gets another shape. The
// function that it returns does it, in as little time as can be: it is to be
// called, or not, before anything else is asked of the session.
func (s *Session) Prepare(shape conf.Shape, label string) (func() error, error) {
	if !s.rec.played() {
		return nil, errors.New("there is no player's override to replace")
	}
	o := *s.rec.Override
	i := slices.IndexFunc(s.keepers, func(k *keeper) bool { return k.id == o.ID })
	if i < 0 {
		return nil, errors.New("the player's override is another session's")
	}
	o.Egress, o.Ingress, o.Label = shape.Egress, shape.Ingress, label
	rec := s.rec
	rec.Override = &o
	made, err := s.place.build(rec.attachment(rec.Shape()), s.ex)
	if err != nil {
		return nil, err
	}
	steps, err := s.steps(made)
	if err != nil {
		return nil, err
	}
	line, err := stageLine(o)
	if err != nil {
		return nil, err
	}
	return func() error { return s.play(s.keepers[i], rec, made, steps, line) }, nil
}

// play tells what will be in force, then brings the kernel to it. Where the
// kernel refuses, both are what they were before.
func (s *Session) play(k *keeper, rec Record, made *plan.Plan, steps []step, line []byte) error {
	if !s.lock.current() { // nothing of ours came after ADD or DEL
		return s.gone()
	}
	before, told := s.rec, k.line
	if err := k.tell(line); err != nil {
		return err
	}
	s.rec = rec
	err := s.finish(made, s.carryOut(steps))
	if gone := s.stillThere(); gone != nil {
		return gone
	}
	if err != nil {
		s.rec = before
		return errors.Join(err, k.tell(told), s.undo(before))
	}
	return nil
}
