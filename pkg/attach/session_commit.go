// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"

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
	return differences, s.bring(made)
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
	if err := s.bring(made); err != nil {
		s.rec = before
		return nil, errors.Join(err, s.undo(before))
	}
	s.leaveStage()
	if rec.idle() {
		return nil, Remove(rec.Identity, rec.Netns, false, s.lock.records)
	}
	return made.Warnings, s.stillThere()
}

// stillThere takes what was made away where DEL came by meanwhile: it is in
// nobody's care.
func (s *Session) stillThere() error {
	if s.lock.current() {
		return nil
	}
	_, err := s.lock.records.Read(s.rec.Mark())
	if err != nil {
		err = Remove(s.rec.Identity, s.rec.Netns, s.rec.Exempt, s.lock.records)
	}
	return errors.Join(ErrGone, err)
}

func (s *Session) undo(before Record) error {
	if err := s.lock.write(before); err != nil {
		return err
	}
	made, err := s.place.build(before.attachment(before.Shape()), s.ex)
	if err != nil {
		return err
	}
	return s.bring(made)
}
