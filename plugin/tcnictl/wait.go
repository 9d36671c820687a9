// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"time"

	"github.com/spf13/cobra"

	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/edit"
)

// waitPoll is how often wait looks.
const waitPoll = 20 * time.Millisecond

func (p *process) waitCmd() *cobra.Command {
	var shape, rule, profiles string
	var timeout time.Duration
	var installed, all bool
	cmd := &cobra.Command{
		Use:   "wait ATTACHMENT…",
		Short: "wait until the kernel has what is to be in force",
		Long: `wait returns when the attachments are there and the kernel has what is to be in
force: for tests, after a pod was started or a shape was set. With --shape, that
is also what must be asked for; with --installed, nothing may be overridden. What
is not there yet is waited for; the status is 5 when the time is over.`,
		Example: `  tcnictl wait default/web
  tcnictl wait default/web --shape 'egress delay 100ms' --timeout 10s
  tcnictl wait default/web --shape 'both none'
  tcnictl wait default/web --installed`,
		ValidArgsFunction: p.completeNames,
	}
	s := selection(cmd)
	allFlag(cmd, &all)
	flags := cmd.Flags()
	flags.StringVar(&shape, "shape", "", `what must be in force, as for set: "egress delay 100ms"`)
	flags.StringVar(&rule, "rule", "", "--shape is of the rule of this name")
	flags.StringVar(&profiles, "profiles", edit.ProfileDir, "directory of profiles of your own")
	flags.BoolVar(&installed, "installed", false, "what ADD installed must be in force")
	flags.DurationVar(&timeout, "timeout", 30*time.Second, "how long to wait")
	cmd.RunE = func(cmd *cobra.Command, names []string) error {
		if err := namesOrAll(names, all, false); err != nil {
			return err
		}
		var change attach.Edit
		if shape != "" {
			var err error
			if change, _, err = p.readEdit([]string{shape}, rule, profiles); err != nil {
				return err
			}
		}
		ctx, stop := context.WithTimeout(cmd.Context(), timeout)
		defer stop()
		return p.waitFor(ctx, func() error {
			list, err := p.chooseAny(s, names, all)
			for _, k := range list {
				if err == nil {
					err = isThere(k, change, installed)
				}
			}
			return err
		})
	}
	return cmd
}

// waitFor asks until the answer is nil.
func (p *process) waitFor(ctx context.Context, ask func() error) error {
	began := time.Now()
	for {
		err := ask()
		if err == nil || errors.Is(err, attach.ErrAmbiguous) || errors.Is(err, fs.ErrPermission) {
			return err
		}
		select {
		case <-ctx.Done():
			return waitedError{ctx.Err(), err, time.Since(began)}
		case <-time.After(waitPoll):
		}
	}
}

// waitedError is what was missing when the time was over.
type waitedError struct {
	ended, missing error
	lasted         time.Duration
}

func (e waitedError) Error() string {
	return fmt.Sprintf("waited %v in vain: %v", e.lasted.Round(100*time.Millisecond), e.missing)
}
func (e waitedError) Unwrap() []error { return []error{e.ended, e.missing} }

// isThere says what is missing.
func isThere(k attach.Known, change attach.Edit, installed bool) error {
	in, err := k.Inspect(nil)
	switch {
	case err != nil:
		return err
	case len(in.Differences) > 0:
		return fmt.Errorf("%v: %s", k, in.Differences[0])
	case installed && k.Record.Override != nil:
		return fmt.Errorf("%v: what is installed is overridden", k)
	case change == nil:
		return nil
	}
	have := k.Record.Shape()
	want, err := change(have)
	if err != nil {
		return fmt.Errorf("%v: %w", k, err)
	}
	if !reflect.DeepEqual(have, want) {
		return fmt.Errorf("%v: in force is egress %s, ingress %s", k, brief(have.Egress), brief(have.Ingress))
	}
	return nil
}
