// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/edit"
)

// setOptions are the flags of set.
type setOptions struct {
	*attach.Selection
	rule, profiles string
	lasts, timeout time.Duration
	all, dryRun    bool
}

func (p *process) setCmd() *cobra.Command {
	var o setOptions
	cmd := &cobra.Command{
		Use:   "set ATTACHMENT DIRECTION WORDS… [DIRECTION WORDS…]",
		Short: "change what is in force, in place",
		Long: `set changes the shape of attachments at run time. DIRECTION is egress, ingress or
both; WORDS are those of the annotation: words of tc-netem(8), an object in JSON
or YAML, or none. "profile NAME" stands for both directions of a named link.

Words change what no rule takes and leave the rules as they are; with --rule,
they change one rule. An object is the whole direction. What is queued stays
queued. CHECK asks for what was set; DEL takes it away with everything else. The
conflist's policy bounds what containers ask for; of what is set, only the queues.

A container that nobody asked anything for when it started is found in libcni's
cache by its name ("list --unshaped" shows them), and shaped as well. "clear" makes
it what it was; DEL does where tcni is in its network's conflist. A glob means
such containers, too; --all means those that something was asked for.

With --for the change ends by itself, also when tcnictl is killed: another
process of it, tcnictl-revert, waits for the time. Where that one is ended before,
"tcnictl list" says overdue, and "tcnictl restore" takes the change back.`,
		Example: `  tcnictl set default/web egress delay 100ms 10ms loss 1%
  tcnictl set default/web egress delay 300ms --rule payments
  tcnictl set default/web both loss 100% --for 30s
  tcnictl set 'default/web-*' egress rate 5mbit ingress rate 20mbit
  tcnictl set default/web profile 3g
  tcnictl set default/web egress '{"delay": "10ms", "rules": [{"match": {"port": 22}}]}'
  tcnictl set --all ingress none`,
		ValidArgsFunction: p.completeSet,
	}
	o.Selection = selection(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.rule, "rule", "", "change the rule of this name only")
	flags.DurationVar(&o.lasts, "for", 0, "take it back after this time (30s, 5m)")
	flags.DurationVar(&o.timeout, "timeout", 5*time.Second, "how long to wait for another tcnictl")
	flags.BoolVar(&o.all, "all", false, "all attachments that something was asked for; the arguments begin with DIRECTION")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print the commands that would be given, and change nothing")
	flags.StringVar(&o.profiles, "profiles", edit.ProfileDir, "directory of profiles of your own")
	_ = cmd.RegisterFlagCompletionFunc("rule", p.completeRules)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if flags.Changed("for") && o.lasts <= 0 {
			return usagef("--for %v: want a time above 0; without --for it lasts", o.lasts)
		}
		return p.set(cmd.Context(), o, args)
	}
	return cmd
}

func (p *process) set(ctx context.Context, o setOptions, args []string) error {
	var names []string
	if !o.all && len(args) > 0 {
		names, args = args[:1], args[1:]
	}
	change, warnings, err := p.readEdit(args, o.rule, o.profiles)
	if err != nil {
		return err
	}
	list, err := p.chooseAny(o.Selection, names, o.all)
	if len(list) == 0 {
		return err
	}
	p.warn(warnings...)
	ctx, stop := context.WithTimeout(ctx, o.timeout)
	defer stop()
	errs := []error{err}
	for _, k := range list {
		if o.dryRun {
			err = p.preview(k, change)
		} else {
			err = p.setOne(ctx, k, change, o.lasts)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%v: %w", k, err))
		}
	}
	return errors.Join(errs...)
}

// readEdit reads "DIRECTION WORDS…".
func (p *process) readEdit(words []string, rule, profiles string) (attach.Edit, []string, error) {
	list, err := edit.Load(profiles)
	if err != nil {
		return nil, nil, err
	}
	changes, err := edit.Parse(words, rule, list)
	if err != nil {
		return nil, nil, usageError{err}
	}
	change, warnings, err := edit.Compile(changes...)
	if err != nil {
		return nil, nil, usageError{err}
	}
	return change, warnings, nil
}
