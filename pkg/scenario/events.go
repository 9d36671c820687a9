// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"
	"iter"
	"time"
)

// Event is what is to be done at one moment.
type Event struct {
	At   time.Duration // since the beginning
	Step string
	On   Names // targets; none: all
	Edit Edit  // nil: nothing; the last event has none
}

// run is one run through a program.
type run struct {
	*Program
	trial   bool // what repeats is run through twice, and of a ramp its end
	emitted int
	now     time.Duration
	yield   func(Event, error) bool
	visited map[string]time.Duration // when a goto last led to a label
}

// Events lists the events in order. The last one tells when all is over; there
// is none where a goto leads back for ever.
func (p *Program) Events() iter.Seq2[Event, error] { return p.events(false) }

func (p *Program) events(trial bool) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		r := &run{Program: p, trial: trial, yield: yield, visited: map[string]time.Duration{}}
		for i := 0; i < len(p.steps); i++ {
			to, more := r.step(&p.steps[i])
			if !more {
				return
			}
			if to == "" {
				continue
			}
			at, again := r.visited[to]
			if again && at == r.now {
				yield(Event{}, fmt.Errorf("goto %s: leads there again without time going by", to))
				return
			}
			if again && r.trial {
				return
			}
			r.visited[to] = r.now
			i = r.labels[to] - 1
		}
		yield(Event{At: r.now, Step: "end"}, nil)
	}
}

// step plays one step. It returns where a goto leads, and whether to go on.
func (r *run) step(s *step) (to string, more bool) {
	switch {
	case s.ramp != nil:
		more = r.ramp(s)
	case s.points != nil:
		more = r.trace(s)
	case s.edit != nil || s.lasts > 0:
		more = r.emit(s, r.now, s.edit)
		r.now += s.lasts
	default:
		more = true
	}
	rounds := max(s.Repeat, 1)
	if r.trial {
		rounds = min(rounds, 2)
	}
	for range rounds {
		for i := range s.steps {
			if !more {
				return "", false
			}
			if to, more = r.step(&s.steps[i]); to != "" {
				return to, more
			}
		}
	}
	return s.Goto, more
}

// trialEvents bounds a trial: repetitions within each other are many.
const trialEvents = 100_000

func (r *run) emit(s *step, at time.Duration, edit Edit) bool {
	if r.emitted++; r.trial && r.emitted > trialEvents {
		return false
	}
	return r.yield(Event{At: at, Step: s.label, On: s.On, Edit: edit}, nil)
}

// ramp ends with what was asked for; For is how long that then stays.
func (r *run) ramp(s *step) bool {
	every := time.Duration(s.Every)
	if every == 0 {
		every = rampStep
	}
	total, edit := time.Duration(s.Ramp), s.ramp()
	for at := time.Duration(0); at < total && !r.trial; at += every {
		if !r.emit(s, r.now+at, edit(float64(at)/float64(total))) {
			return false
		}
	}
	r.now += total
	more := r.emit(s, r.now, edit(1))
	r.now += s.lasts
	return more
}

// trace plays a trace to its end, or as long as For says: again from the
// beginning where it is shorter. What the step asks for beside it comes first.
func (r *run) trace(s *step) bool {
	if s.edit != nil && !r.emit(s, r.now, s.edit) {
		return false
	}
	length := s.points[len(s.points)-1].At // the last point is the end
	lasts := s.lasts
	if lasts == 0 {
		lasts = length
	}
	rounds := lasts
	if r.trial {
		rounds = min(rounds, length)
	}
	for round := time.Duration(0); round < rounds; round += length {
		for _, p := range s.points[:len(s.points)-1] {
			if round+p.At >= lasts {
				break
			}
			if !r.emit(s, r.now+round+p.At, p.edit(s.Rule)) {
				return false
			}
		}
	}
	r.now += lasts
	return true
}
