// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"errors"
	"fmt"
	"io/fs"
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
			return nil, fmt.Errorf("%s: %w", place, err)
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
	if s.Repeat < 0 || s.Repeat > 0 && len(s.Steps) == 0 {
		return c, errors.New("repeat: want a number above 0, and steps")
	}
	if c.steps, err = p.compile(place+".", s.Steps, env); err != nil {
		return c, err
	}
	if s.Trace != nil {
		if c.points, err = s.Trace.read(env.Files); err != nil {
			return c, fmt.Errorf("trace: %w", err)
		}
	}
	return c, p.edits(&c, env)
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
	switch {
	case c.Ramp > 0 && len(changes) == 0:
		return errors.New("ramp: to what? (egress, ingress, both or profile)")
	case c.Ramp > 0:
		c.ramp = func() func(float64) Edit { return newRamp(change) }
	case c.Clear:
		c.edit = func(_ string, _, base conf.Shape) (conf.Shape, error) { return change(base) }
	case len(changes) > 0:
		c.edit = func(_ string, now, _ conf.Shape) (conf.Shape, error) { return change(now) }
	}
	return nil
}

func (c *step) changes(profiles edit.Profiles) (out []edit.Change, err error) {
	if c.Profile != "" {
		p, err := profiles.Find(c.Profile)
		if err != nil {
			return nil, fmt.Errorf("profile: %w", err)
		}
		out = append(out, edit.Change{Direction: edit.Egress, Rule: c.Rule, Value: p.Egress}, edit.Change{Direction: edit.Ingress, Rule: c.Rule, Value: p.Ingress})
	}
	for _, d := range []struct {
		value      Value
		directions []string
	}{{c.Both, []string{edit.Egress, edit.Ingress}}, {c.Egress, []string{edit.Egress}}, {c.Ingress, []string{edit.Ingress}}} {
		for _, direction := range d.directions {
			if d.value != "" {
				out = append(out, edit.Change{Direction: direction, Rule: c.Rule, Value: string(d.value)})
			}
		}
	}
	return out, nil
}
