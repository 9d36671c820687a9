// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"

	"tcni.dev/pkg/tc"
)

// Renew brings the kernel to what is recorded, and tells in how much it was
// something else.
func (s *Session) Renew() (differences int, err error) {
	made, err := s.place.build(s.rec.attachment(s.rec.Shape()), s.ex)
	if err != nil {
		return 0, err
	}
	steps, err := s.place.difference(made)
	if err != nil {
		return 0, err
	}
	for _, step := range steps {
		differences += len(step.newNames) + len(tc.Differences(step.ops))
	}
	err = s.bring(made)
	if gone := s.stillThere(); gone != nil {
		return differences, gone
	}
	return differences, err
}

// commit writes the record, then brings the kernel to it. Where the kernel
// refuses, both are what they were before.
func (s *Session) commit(rec Record) (warnings []string, err error) {
	made, err := s.place.build(rec.attachment(rec.Shape()), s.ex)
	if err != nil {
		return nil, err
	}
	before := s.rec
	if err := s.lock.write(rec); err != nil {
		return nil, err
	}
	s.rec = rec
	err = s.bring(made)
	if gone := s.stillThere(); gone != nil {
		return nil, gone
	}
	if err != nil {
		s.rec = before
		return nil, errors.Join(err, s.undo(before))
	}
	s.removeKeepers(before)
	if rec.idle() {
		return nil, s.lock.forget(rec)
	}
	return made.Warnings, nil
}

// stillThere settles what DEL or ADD came to meanwhile.
func (s *Session) stillThere() error {
	if s.lock.current() {
		return nil
	}
	return errors.Join(s.gone(), s.lock.records.settle(s.rec, s.last))
}

func (s *Session) gone() error { return fmt.Errorf("%v: %w", s.rec.Identity, ErrGone) }

func (s *Session) undo(before Record) error {
	if err := s.lock.write(before); err != nil {
		return errors.Join(err, s.stillThere())
	}
	made, err := s.place.build(before.attachment(before.Shape()), s.ex)
	if err == nil {
		err = s.bring(made)
	}
	return errors.Join(err, s.stillThere())
}
