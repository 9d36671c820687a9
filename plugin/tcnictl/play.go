// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/edit"
	"tcni.dev/pkg/scenario"
)

// playOptions are the flags of play.
type playOptions struct {
	*attach.Selection
	direction, record, profiles string
	window, lasts, timeout      time.Duration
	all, dryRun, quiet          bool
}

const playLong = `play changes shapes on a timeline. FILE is a scenario in YAML, or a link trace: a
packet-delivery trace of mahimahi's (a line for each packet, with the millisecond
at which the link could carry it), or CSV with the columns time (s), rate, delay
(ms), loss (%). - is standard input.

  name: subway
  targets: {web: default/web, db: 'default/db-*'}  # else the ATTACHMENTs
  steps:
  - {name: street, for: 10s, both: rate 20mbit delay 30ms}
  - {name: into, ramp: 3s, every: 100ms, both: rate 1mbit delay 200ms}
  - {name: tunnel, for: 5s, target: web, rule: payments, egress: loss 100%}
  - repeat: 3
    steps:
    - {for: 1s, profile: lte}
    - {for: 1s, profile: 3g}
  - {for: 60s, trace: {ingress: down.trace, egress: up.csv}}
  - {for: 5s, clear: true}
  - goto: street

What a step does not speak of stays as it was; values beside a trace are in force
before its first. When the scenario ends, is stopped (q), or gets SIGINT or
SIGTERM, what was there before is in force again; after SIGKILL, "tcnictl
restore" does that. Space pauses, n goes on to the next step.

A container that nobody asked anything for when it started is found in libcni's
cache by its name, as by set, and is unshaped again at the end.

So that steps are in time on a busy machine, play runs above ordinary processes
(SCHED_FIFO), where it may. No priority helps while the kernel or a hypervisor
keeps the processor, nor while others hold the kernel's RTNL lock, which each
change of a qdisc takes: a step is late by as much then, and those that fell due
meanwhile follow as fast as they can. Seldom, one waits for play's own collection
of garbage, some milliseconds. How late they were is said at the end, and of each
step in --record.

--output: text, json (what --record writes)`

func (p *process) playCmd() *cobra.Command {
	var o playOptions
	cmd := &cobra.Command{
		Use:   "play FILE [ATTACHMENT…]",
		Short: "play a scenario or a link trace",
		Long:  playLong,
		Example: `  tcnictl play subway.yaml default/web
  tcnictl play subway.yaml --record played.jsonl
  tcnictl play Verizon-LTE.down default/web --direction ingress --for 60s
  tcnictl play subway.yaml --dry-run default/web`,
		Args:              atLeastOne("FILE"),
		ValidArgsFunction: p.completePlay,
	}
	o.Selection = selection(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.direction, "direction", "", "of a link trace: egress, ingress, both (default ingress)")
	flags.DurationVar(&o.window, "window", 0, "of a packet-delivery trace: what its rates are averaged over (default 100ms)")
	flags.DurationVar(&o.lasts, "for", 0, "how long to play a link trace (default: to its end)")
	flags.StringVar(&o.record, "record", "", "write what was in force, and when, to this file, as a line of JSON each")
	flags.DurationVar(&o.timeout, "timeout", 5*time.Second, "how long to wait for another tcnictl")
	flags.BoolVar(&o.all, "all", false, "all attachments")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print what each step gives to each target, and change nothing")
	flags.BoolVarP(&o.quiet, "quiet", "q", false, "no progress line")
	flags.StringVar(&o.profiles, "profiles", edit.ProfileDir, "directory of profiles of your own")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		signal.Ignore(syscall.SIGPIPE) // a reader that ends would leave what is played in force
		return p.play(cmd.Context(), o, args[0], args[1:])
	}
	return cmd
}

func (p *process) play(ctx context.Context, o playOptions, file string, names []string) error {
	program, err := p.program(o, file)
	if err != nil {
		return usageError{err}
	}
	p.warn(program.Warnings...)
	if o.dryRun {
		return p.timeline(o, program, names)
	}
	_, err = p.playProgram(ctx, o, program, names)
	return err
}

// playProgram plays, and puts back what was there before it says anything.
// stopped tells that the context ended before the scenario.
func (p *process) playProgram(ctx context.Context, o playOptions, program *scenario.Program, names []string) (stopped bool, err error) {
	list, groups, err := p.cast(o, program, names)
	if err != nil {
		return false, err
	}
	if err := program.Try(roles(list), groups); err != nil {
		return false, usageError{err}
	}
	ctx, stop := context.WithCancel(ctx) // what cannot be recorded is not played
	defer stop()
	log, err := p.openLog(o, stop)
	if err != nil {
		return false, err
	}
	targets, err := p.take(ctx, o.timeout, list)
	defer func() {
		for _, t := range targets {
			err = errors.Join(err, p.letGo(t.session, t.known))
		}
	}()
	if err != nil {
		return false, errors.Join(err, log.Close())
	}
	late, err := p.perform(ctx, o, program, targets, groups, log)
	if stopped = errors.Is(err, context.Canceled); stopped {
		err = nil
	}
	for _, t := range targets {
		err = errors.Join(err, t.restore())
	}
	if !o.quiet {
		p.summary(late, len(targets))
	}
	return stopped, errors.Join(err, log.Close())
}
