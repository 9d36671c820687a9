// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/scenario"
)

// role is an attachment that is to be played on.
type role struct {
	known attach.Known
	base  conf.Shape
}

// Name implements scenario.Role. It is the mark: others may share the name.
func (r role) Name() string { return string(r.known.Mark) }

// String implements scenario.Role.
func (r role) String() string { return r.known.String() }

// Base implements scenario.Role.
func (r role) Base() conf.Shape { return r.base }

// actor is an attachment that is played on.
type actor struct {
	role
	session *attach.Session
	id      string // of the override
	gone    bool
}

// Prepare implements scenario.Target.
func (a *actor) Prepare(s conf.Shape, step string) (func() error, error) {
	do, err := a.session.Prepare(s, step)
	if err != nil {
		return nil, a.orGone(err)
	}
	return func() error { return a.orGone(do()) }, nil
}

// orGone tells the player where there is nothing to play on any more.
func (a *actor) orGone(err error) error {
	if errors.Is(err, attach.ErrGone) {
		a.gone = true
		return scenario.ErrTargetGone
	}
	return err
}

func (a *actor) restore() error {
	if a.gone || a.id == "" {
		return nil
	}
	err := a.session.Drop(func(o *attach.Override) bool { return o.ID == a.id })
	if errors.Is(err, attach.ErrGone) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("restore %v: %w", a.known, err)
	}
	return nil
}

// take opens all attachments and lays an override upon each, which changes
// nothing yet.
func (p *process) take(ctx context.Context, timeout time.Duration, list []attach.Known) (out []*actor, err error) {
	ctx, stop := context.WithTimeout(ctx, timeout)
	defer stop()
	for _, k := range list {
		s, err := p.open(ctx, k)
		if err != nil {
			return out, fmt.Errorf("%v: %w", k, err)
		}
		out = append(out, &actor{role: role{k, s.Record().Shape()}, session: s})
	}
	same := func(s conf.Shape) (conf.Shape, error) { return s, nil }
	for _, a := range out {
		if a.id, _, err = a.session.Push(same, attach.ByPlay, p.now(), time.Time{}); err != nil {
			break
		}
	}
	if err != nil {
		for _, a := range out {
			err = errors.Join(err, a.restore())
		}
	}
	return out, err
}

// perform plays, and returns how late it was.
func (p *process) perform(ctx context.Context, o playOptions, program *scenario.Program, actors []*actor, groups map[string]scenario.Names, log *recorder) (late lateness, err error) {
	names := map[string]attach.Known{}
	var targets []scenario.Target
	for _, a := range actors {
		targets = append(targets, a)
		names[a.Name()] = a.known
	}
	keys, release := p.keys()
	defer release()
	defer hasten()()
	player := scenario.Player{Clock: scenario.ExactClock{}, Targets: targets, Keys: keys, Idle: (&idle{}).collect}
	player.Done = func(d scenario.Done) {
		if errors.Is(d.Err, scenario.ErrTargetGone) {
			p.warn(fmt.Sprintf("%v has gone", names[d.Target]))
		}
		if d.Err == nil {
			late.add(d.Late)
			log.add(ctx, names[d.Target], d)
		}
	}
	if !o.quiet && p.interactive(p.err) {
		player.Progress = func(now scenario.Progress) { p.progress(now, len(actors), late.worst) }
	}
	err = player.Play(ctx, program.Events(), groups)
	return late, err
}
