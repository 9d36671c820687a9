// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"
)

// judge compares how late changes were with how late the controls were at the
// same moments.
func judge(b *testing.B, changes []change, machine controls) {
	b.Helper()
	v := compare(changes, union(machine[processors], machine[rtnl]))
	reportLateness(b, "late", v.late)
	reportLateness(b, "own", v.own)
	b.ReportMetric(ms(v.worst), "max-ms-itself")
	for kind, late := range machine {
		var worst time.Duration
		for _, s := range late {
			worst = max(worst, s.length())
		}
		b.ReportMetric(ms(worst), "max-ms-"+kind)
	}
	fmt.Fprintln(os.Stderr, v)
}

// verdict is what made changes late. Own is what is left of late without the
// moments at which the machine was late itself.
type verdict struct {
	late, own []time.Duration

	// How many are over playBound: all; those that are not by what is their own;
	// those behind a step that ended after they were due; others.
	over, machine, behind, itself int

	// worst is the largest own but of those that are behind another.
	worst time.Duration
}

func compare(changes []change, stalls []span) (v verdict) {
	var last, now change // the last changes of the step before, and of this one
	for _, c := range changes {
		if c.step != now.step {
			last = now
		}
		now = c
		own := c.length() - overlap(c.span, stalls)
		v.late, v.own = append(v.late, c.length()), append(v.own, own)
		if own > playBound && last.to.After(c.from) {
			v.over, v.behind = v.over+1, v.behind+1
			continue
		}
		v.worst = max(v.worst, own)
		switch {
		case c.length() <= playBound:
			continue
		case own <= playBound:
			v.machine++
		default:
			v.itself++
		}
		v.over++
	}
	return v
}

func (v verdict) String() string {
	words := "play was in time"
	switch {
	case v.itself > 0:
		words = "play was late by itself"
	case v.over > 0:
		words = "play was late only where the machine was"
	}
	return fmt.Sprintf("%s: of %d changes %d over %v: %d while a processor or RTNL was not to be had, %d behind such a step, %d otherwise",
		words, len(v.late), v.over, playBound, v.machine, v.behind, v.itself)
}

func reportLateness(b *testing.B, name string, all []time.Duration) {
	b.Helper()
	slices.Sort(all)
	b.ReportMetric(ms(all[len(all)/2]), "median-ms-"+name)
	b.ReportMetric(ms(all[len(all)*999/1000]), "p99.9-ms-"+name)
	b.ReportMetric(ms(all[len(all)-1]), "max-ms-"+name)
}

// TestCompare holds that a change is blamed for what the machine did not do.
func TestCompare(t *testing.T) {
	start := time.Now()
	at := func(from, to int) span {
		return span{start.Add(time.Duration(from) * time.Millisecond), start.Add(time.Duration(to) * time.Millisecond)}
	}
	changes := []change{
		{at(0, 1), 0},      // in time
		{at(10, 32), 0.01}, // the machine
		{at(20, 33), 0.02}, // the machine
		{at(30, 37), 0.03}, // behind it
		{at(50, 58), 0.05}, // itself
		{at(60, 64), 0.06}, // in time
		{at(60, 66), 0.06}, // itself: the change before is of the same step
	}
	got := compare(changes, union([]span{at(11, 20), at(25, 31)}, []span{at(12, 28)}))
	if got.over != 5 || got.machine != 2 || got.behind != 1 || got.itself != 2 {
		t.Errorf("%v", got)
	}
	if got.worst != 8*time.Millisecond {
		t.Errorf("worst %v", got.worst)
	}
	if own := got.own[1]; own != 2*time.Millisecond {
		t.Errorf("own %v", own)
	}
}
