// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"iter"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

// contender is calls that follow one another in every round, in one pod.
type contender struct {
	steps []step
	after func() error // what a round leaves is put in order, untimed
	err   error        // it is out of the race
}

// step is a call and the row for its samples, which may be nil.
type step struct {
	row *report.Row
	*call
}

// verbs prepares an entry's verbs in a pod of its own; row names the row of a
// verb.
func (b *bench) verbs(e entry, podName string, g *report.Group, row func(lab.Verb) string, list ...lab.Verb) *contender {
	c := &contender{}
	p, err := newPod(b.lab, podName)
	if e.plugin == reference {
		c.after = func() error { return b.bare(p) }
	}
	for _, verb := range list {
		var prepared *call
		if err == nil {
			prepared, err = b.call(e, verb, p)
		}
		c.steps = append(c.steps, step{g.Row(row(verb)), prepared})
	}
	c.fail(err)
	return c
}

// program is a contender of one call.
func program(row *report.Row, prepared *call, err error) *contender {
	c := &contender{steps: []step{{row, prepared}}}
	c.fail(err)
	return c
}

// fail takes the contender out of the race.
func (c *contender) fail(err error) {
	if err == nil {
		return
	}
	c.err = err
	for _, s := range c.steps {
		if s.row != nil {
			s.row.Samples, s.row.CPU, s.row.Problem = nil, nil, err.Error()
		}
	}
}

// turns runs the contenders in rounds. Who comes behind whom changes from round
// to round, since what one leaves to do for the kernel may hit the next. The
// first round only warms up.
func (b *bench) turns(rounds iter.Seq[int], contenders ...*contender) error {
	return b.lab.Node.Do(func() error {
		for round := range rounds {
			for i := range contenders {
				if err := b.ctx.Err(); err != nil {
					return err
				}
				contenders[order(round, i, len(contenders))].run(round > 0)
			}
		}
		return nil
	})
}

// order returns who is at place i of n in a round: forward and backward by
// turns, each time from another start.
func order(round, i, n int) int {
	if round%2 == 1 {
		i = n - 1 - i
	}
	return (i + round/2) % n
}

// run takes one turn.
func (c *contender) run(record bool) {
	if c.err != nil {
		return
	}
	for _, s := range c.steps {
		cost, err := s.call.run()
		if err != nil {
			c.fail(err)
			return
		}
		if record && s.row != nil {
			s.row.Add(cost.wall.Seconds())
			s.row.CPU = append(s.row.CPU, cost.cpu.Seconds())
		}
	}
	if c.after != nil {
		c.fail(c.after())
	}
}
