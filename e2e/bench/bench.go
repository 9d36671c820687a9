// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"time"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

// Options say what to measure.
type Options struct {
	// Want selects rows by their ID; nil: all.
	Want *regexp.Regexp
	// Quick repeats less: good enough to see whether things work.
	Quick bool
	// Progress gets a line for each group.
	Progress io.Writer

	guest bool // this is the virtual machine
}

// group is rows and the function that measures them.
type group struct {
	report.Group
	measure func(*bench, *report.Group) error
	netem   bool // the kernel must have it
}

// bench is what the measurement of one group works with.
type bench struct {
	Options
	ctx   context.Context
	lab   *lab.Lab
	stage string
	calls []*call
}

// Run builds what is to be measured, measures it, and returns the report. What
// cannot be measured is said in the report; an error means that there is none.
func Run(ctx context.Context, opt Options) (*report.Report, error) {
	stage, err := newStage(ctx, opt.Progress)
	if err != nil {
		return nil, err
	}
	defer stage.remove()
	netem, err := hasNetem(ctx, stage.dir)
	if err != nil {
		return nil, err
	}
	return run(ctx, opt, stage.dir, allGroups(netem))
}

// allGroups lists the groups in the order of the table. Those that are on the
// machine's processor alone come first. Where this kernel has no netem, groups
// that need it are measured in the virtual machine.
func allGroups(netem bool) []group {
	groups := []group{
		processGroup(), netemGroup(), rulesGroup(), packetGroup(), busyGroup(), manyGroup(), nodeGroup(),
		controlGroup(), playGroup(), memoryGroup(), sizeGroup(), goGroup(),
	}
	for i, g := range groups {
		if g.netem && !netem {
			groups[i] = g.inGuest()
		}
	}
	return groups
}

func run(ctx context.Context, opt Options, stage string, groups []group) (*report.Report, error) {
	rep := &report.Report{Machine: machine()}
	for _, g := range groups {
		selected := &g.Group
		if opt.Want != nil {
			kept := report.Select([]*report.Group{selected}, opt.Want)
			if len(kept) == 0 {
				continue
			}
		}
		begin := time.Now()
		fmt.Fprintf(opt.Progress, "bench: %s ...", g.Title)
		err := measure(ctx, opt, stage, g.measure, selected)
		fmt.Fprintf(opt.Progress, " %.0f s\n", time.Since(begin).Seconds())
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			selected.Fail(err)
		}
		rep.Groups = append(rep.Groups, selected)
	}
	if opt.Want != nil {
		rep.Groups = report.Select(rep.Groups, opt.Want)
	}
	return rep, nil
}

// measure gives a group a node of its own.
func measure(ctx context.Context, opt Options, stage string, fn func(*bench, *report.Group) error, g *report.Group) (err error) {
	l, err := lab.New(ctx, lab.Options{Bin: stage})
	if err != nil {
		return err
	}
	b := &bench{Options: opt, ctx: ctx, lab: l, stage: stage}
	defer func() {
		for _, c := range b.calls {
			err = errors.Join(err, c.close())
		}
		err = errors.Join(err, l.Close())
	}()
	return fn(b, g)
}

// A group stops repeating after so long, whatever it has by then: the machine
// may be slow, or busy with something else.
const (
	groupBudget = 40 * time.Second
	fewest      = 3 // rounds that are measured in any case
)

// times returns how often something is repeated.
func (b *bench) times(full, quick int) int {
	if b.Quick {
		return quick
	}
	return full
}

// rounds yields the numbers of the rounds, from 0, which only warms up.
func (b *bench) rounds(full, quick int) iter.Seq[int] {
	return func(yield func(int) bool) {
		var end time.Time
		for round := range b.times(full, quick) + 1 {
			if round <= 1 {
				end = time.Now().Add(groupBudget)
			}
			if round > fewest && time.Now().After(end) || !yield(round) {
				return
			}
		}
	}
}
