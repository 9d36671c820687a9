// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"time"

	"tcni.dev/pkg/scenario"
)

// lateness sums up how late changes were.
type lateness struct {
	n          int
	sum, worst time.Duration
}

func (l *lateness) add(d time.Duration) {
	l.n++
	l.sum += d
	l.worst = max(l.worst, d)
}

func (l *lateness) mean() time.Duration { return l.sum / time.Duration(max(l.n, 1)) }

// progress rewrites its line.
func (p *process) progress(now scenario.Progress, targets int, late time.Duration) {
	state := "▶"
	if now.Paused {
		state = "⏸"
	}
	left := now.Next - now.Now
	fmt.Fprintf(p.err, "\r\x1b[K%s %8v  %s  next in %v  %s  late ≤ %v  [space n q]",
		state, now.Now.Round(100*time.Millisecond), now.Step, left.Round(100*time.Millisecond), countOf(targets, "attachment"), late.Round(100*time.Microsecond))
}

// summary says how exact a play was, below the progress.
func (p *process) summary(late lateness, targets int) {
	if p.interactive(p.err) {
		fmt.Fprintln(p.err)
	}
	fmt.Fprintf(p.err, "played %s on %s, %v late at most, %v on average\n",
		countOf(late.n, "change"), countOf(targets, "attachment"), late.worst.Round(10*time.Microsecond), late.mean().Round(10*time.Microsecond))
}
