// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"context"
	"slices"
	"time"

	"tcni.dev/conf"
	"tcni.dev/pkg/plan"
)

// Session changes one attachment's shape at run time, in place. It holds the
// attachment until it is closed: ADD and DEL are not kept away (settle.go), other
// sessions are. What it does is in the record before it is in the kernel, so that
// CHECK asks for what is to be there, and a command that is killed can be made up
// for.
type Session struct {
	lock  *lock
	rec   Record
	place *place
	ex    exemption
	last  *plan.Plan // what the kernel was brought to

	dead    []*Override // those that nobody was left to end: they go with the first change
	keepers []*keeper   // of what was pushed
	next    *keeper     // of what will be pushed; nil: not made yet
}

// Open waits for the attachment until the context ends (ErrBusy).
func (r Records) Open(ctx context.Context, m Mark) (_ *Session, err error) {
	l, err := r.lock(ctx, m)
	if err != nil {
		return nil, err
	}
	s := &Session{lock: l}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.rec, err = r.Read(m); err != nil {
		return nil, err
	}
	s.dead = r.deserted(s.rec)
	if s.place, err = find(s.rec.Identity, s.rec.Netns); err != nil {
		return nil, err
	}
	a := s.rec.attachment(s.rec.Shape())
	if s.ex, err = s.place.exempt(a); err != nil {
		return nil, err
	}
	if err = s.place.look(); err != nil {
		return nil, err
	}
	// A record whose shape cannot be planned any more is no reason to refuse
	// another shape.
	s.last, _ = s.place.build(a, s.ex)
	return s, nil
}

// Close lets go of the attachment. What was pushed and is still there has lost
// its keeper then, unless another process was given the file (Keeper).
func (s *Session) Close() {
	if s.place != nil {
		s.place.close()
	}
	s.closeKeepers()
	s.lock.release()
}

// Record returns what is to be recorded now: what is, but for overrides that
// nobody was left to end.
func (s *Session) Record() Record { return s.rec.without(among(s.dead)) }

// Deserted tells whether there are overrides that nobody was left to end. Any
// change takes them away.
func (s *Session) Deserted() bool { return slices.ContainsFunc(s.rec.Overrides(), among(s.dead)) }

// Set changes the shape until Clear. The warnings are the plan's.
func (s *Session) Set(edit Edit, now time.Time) (warnings []string, err error) {
	rec, err := s.Record().edited(edit, now)
	if err != nil {
		return nil, err
	}
	return s.commit(rec)
}

// Push lays a shape upon the one in force, until Drop of the ID that it
// returns. A time until is for who drops it: nothing happens by itself. The
// session is the override's keeper, or who was given the file (Keeper).
func (s *Session) Push(edit Edit, by Author, now, until time.Time) (id string, warnings []string, err error) {
	rec, err := s.Record().pushed(edit, by, now, until)
	if err != nil {
		return "", nil, err
	}
	if _, err = s.Keeper(); err != nil {
		return "", nil, err
	}
	rec.Override.ID = s.next.id
	line, err := stageLine(*rec.Override)
	if err != nil {
		return "", nil, err
	}
	if err = s.next.tell(line); err != nil {
		return "", nil, err
	}
	if warnings, err = s.commit(rec); err != nil {
		return "", nil, err
	}
	s.keepers, s.next = append(s.keepers, s.next), nil
	return rec.Override.ID, warnings, nil
}

// Drop takes the overrides away that are named: by an ID, by being due, ….
func (s *Session) Drop(which func(*Override) bool) error {
	_, err := s.commit(s.Record().without(which))
	return err
}

// Clear returns to what ADD installed.
func (s *Session) Clear() error { return s.Drop(func(*Override) bool { return true }) }

// Off takes the shape away, and all that was laid upon it, until Clear.
func (s *Session) Off(now time.Time) (warnings []string, err error) {
	rec := s.rec
	rec.Override = rec.newOverride(BySet, now, conf.Shape{})
	return s.commit(rec)
}
