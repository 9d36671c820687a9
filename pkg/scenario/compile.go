// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"tcni.dev/conf"
	"tcni.dev/pkg/edit"
)

// Edit does what an event asks for to the shape of a target. base is what was in
// force before the scenario.
type Edit func(target string, now, base conf.Shape) (conf.Shape, error)

// Program is a scenario whose values were read.
type Program struct {
	Targets  map[string]Names
	Warnings []string
	steps    []step
	labels   map[string]int // outermost steps by name
}

// step is a Step, read.
type step struct {
	Step
	label  string // its name, or its place
	lasts  time.Duration
	edit   Edit                        // nil: nothing changes
	ramp   func() func(x float64) Edit // from here to there; a new one each time it is played
	points []Point                     // of a trace
	steps  []step
}

// Env is what a scenario refers to.
type Env struct {
	Files    fs.FS // for traces
	Profiles edit.Profiles
}

// Compile reads all values, so that nothing is found wrong while playing.
func (s *Scenario) Compile(env Env) (*Program, error) {
	p := &Program{Targets: s.Targets, labels: map[string]int{}}
	for i, st := range s.Steps {
		if st.Name == "" {
			continue
		}
		if _, twice := p.labels[st.Name]; twice {
			return nil, fmt.Errorf("steps[%d]: the name %q is taken", i, st.Name)
		}
		p.labels[st.Name] = i
	}
	var err error
	p.steps, err = p.compile("", s.Steps, env)
	return p, err
}

func (p *Program) compile(where string, steps []Step, env Env) ([]step, error) {
	var out []step
	for i, s := range steps {
		place := fmt.Sprintf("%ssteps[%d]", where, i)
		c, err := p.step(place, s, env)
		if err != nil {
			return nil, inStep(i, err)
		}
		out = append(out, c)
	}
	return out, nil
}

func (p *Program) step(place string, s Step, env Env) (c step, err error) {
	c = step{Step: s, label: s.Name, lasts: time.Duration(s.For)}
	if c.label == "" {
		c.label = place
	}
	for _, t := range s.On {
		if _, ok := p.Targets[t]; !ok {
			return c, fmt.Errorf("target: %q is not among the targets", t)
		}
	}
	if _, ok := p.labels[s.Goto]; s.Goto != "" && !ok {
		return c, fmt.Errorf("goto: no outermost step is called %q", s.Goto)
	}
	for _, m := range misfits {
		if m.is(s) {
			return c, errors.New(m.why)
		}
	}
	if c.steps, err = p.compile(place+".", s.Steps, env); err != nil {
		return c, err
	}
	if s.Trace != nil {
		if c.points, err = s.Trace.read(env.Files); err != nil {
			return c, fmt.Errorf("trace: %w", err)
		}
	}
	if err = p.edits(&c, env); err == nil && c.Repeat > 1 && c.idle() {
		err = errors.New("repeat: of nothing: its steps take no time and change nothing")
	}
	return c, err
}

// idle tells whether nothing happens, and no time goes by, while the step is played.
func (c *step) idle() bool {
	return c.lasts == 0 && c.edit == nil && c.ramp == nil && c.points == nil && !slices.ContainsFunc(c.steps, func(s step) bool { return !s.idle() })
}

// edits reads what the step asks for.
func (p *Program) edits(c *step, env Env) error {
	changes, err := c.changes(env.Profiles)
	if err != nil {
		return err
	}
	change, warnings, err := edit.Compile(changes...)
	if err != nil {
		return err
	}
	for _, w := range warnings {
		p.Warnings = append(p.Warnings, c.label+": "+w)
	}
	to := func(_ string, now, base conf.Shape) (conf.Shape, error) {
		if c.Clear {
			now = base
		}
		return change(now)
	}
	switch {
	case c.Ramp > 0:
		c.ramp = func() func(float64) Edit { return newRamp(to) }
	case c.Clear || len(changes) > 0:
		c.edit = to
	}
	return nil
}
