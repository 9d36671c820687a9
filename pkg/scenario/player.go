// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"context"
	"errors"
	"iter"
	"time"

	"tcni.dev/conf"
)

// Role is a target before anything is played on it.
type Role interface {
	Name() string     // no other target's
	String() string   // for people
	Base() conf.Shape // in force before the scenario
}

// Target is what a scenario is played on.
type Target interface {
	Role

	// Prepare computes what gives the target a shape, ahead of its time. The
	// function that it returns does it; it may never be called.
	Prepare(s conf.Shape, step string) (do func() error, err error)
}

// ErrTargetGone is what a Target returns when there is nothing to play on any
// more: the others are played on.
var ErrTargetGone = errors.New("the target has gone")

// Key is what a person asks of a player.
type Key int

// The keys.
const (
	KeyPause Key = iota // or go on
	KeyStep             // do what comes next, now
	KeyStop
)

// Done tells what an event did to one target.
type Done struct {
	Event
	Target string
	Shape  conf.Shape    // in force from Time on
	Time   time.Time     // when the kernel had it
	Late   time.Duration // behind its time
	Err    error
}

// Progress is where a player is.
type Progress struct {
	Now    time.Duration // since the beginning, pauses taken off
	Step   string
	Next   time.Duration // when the next event is
	Paused bool
}

// Player plays events on targets. Each event is prepared while its time is still
// to come. Times are those of one clock since the beginning, so that being late
// once does not make what follows late.
type Player struct {
	Clock    Clock
	Targets  []Target
	Keys     <-chan Key
	Done     func(Done)               // called for each event and target, one at a time
	Progress func(Progress)           // called now and then; nil: never
	Idle     func(left time.Duration) // called when an event is prepared and has time left; nil: never

	start  time.Time
	paused bool
	step   string
	told   time.Time
	shapes map[string]conf.Shape
}

// Play plays until the last event, a stop, the context's end, or an error that
// is not a target's going. It does not restore anything.
func (p *Player) Play(ctx context.Context, events iter.Seq2[Event, error], names map[string]Names) error {
	p.start, p.shapes = time.Time{}, map[string]conf.Shape{}
	for _, t := range p.Targets {
		p.shapes[t.Name()] = t.Base()
	}
	for e, err := range events {
		if err != nil {
			return err
		}
		moves := p.prepare(e, names)
		if p.start.IsZero() { // the beginning is when all is ready for it
			p.start = p.Clock.Now().Add(-e.At)
		}
		if stop, err := p.wait(ctx, e); stop || err != nil {
			return err
		}
		p.step = e.Step
		if err := p.carryOut(e, moves); err != nil {
			return err
		}
	}
	return nil
}
