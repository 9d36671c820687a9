// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tcni.dev/pkg/attach"
)

func (p *process) restoreCmd() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "restore [ATTACHMENT…]",
		Short: "put right what killed commands and other hands left",
		Long: `restore takes back what was played by a tcnictl that is no more, and what was set
for a time that is over, or that nobody waits for any more; where the kernel has
something else than what is to be in force, it is made what it is to be. What was
set for good stays, but not what was set for a container that only tcnictl knew and
that has ended. Attachments that a living tcnictl holds are left to it. Without a
name: all.`,
		Example: `  tcnictl restore
  tcnictl restore default/web`,
		ValidArgsFunction: p.completeNames,
	}
	s := selection(cmd)
	cmd.Flags().DurationVar(&timeout, "timeout", time.Second, "how long to wait for another tcnictl")
	cmd.RunE = func(cmd *cobra.Command, names []string) error {
		list, err := p.choose(s, names)
		if err != nil {
			return err
		}
		var errs []error
		for _, k := range list {
			if err := p.restoreOne(cmd.Context(), timeout, k); err != nil {
				errs = append(errs, fmt.Errorf("%v: %w", k, err))
			}
		}
		return errors.Join(errs...)
	}
	return cmd
}

// restoreOne says what it did; nothing is nothing to say. An attachment that
// somebody plays is in order.
func (p *process) restoreOne(ctx context.Context, timeout time.Duration, k attach.Known) error {
	if k.Err != nil {
		return k.Err
	}
	ctx, stop := context.WithTimeout(ctx, timeout)
	defer stop()
	s, err := p.records.Open(ctx, k.Mark)
	switch {
	case errors.Is(err, attach.ErrBusy):
		fmt.Fprintf(p.out, "%v: held by another tcnictl, left to it\n", k)
		return nil
	case errors.Is(err, attach.ErrNetns), errors.Is(err, attach.ErrNoInterface):
		return p.forget(k, err)
	case err != nil:
		return err
	}
	defer s.Close()
	due := func(o *attach.Override) bool { return o.Due(p.now()) }
	if s.Deserted() || slices.ContainsFunc(s.Record().Overrides(), due) {
		if err := s.Drop(due); err != nil {
			return err
		}
		fmt.Fprintf(p.out, "restored ")
		p.printShape(k, s.Record().Shape())
		return nil
	}
	differences, err := s.Renew()
	if err == nil && differences > 0 {
		fmt.Fprintf(p.out, "repaired %d differences: ", differences)
		p.printShape(k, s.Record().Shape())
	}
	return err
}

// forget takes away what is left of an attachment that has ended, if nobody else
// will: no DEL and no GC asks for one that ADD never made. Who may not look does
// not know whether it has.
func (p *process) forget(k attach.Known, why error) error {
	if errors.Is(why, fs.ErrPermission) {
		return why
	}
	if !k.Record.Companion || !errors.Is(why, fs.ErrNotExist) {
		return nil
	}
	if err := attach.Remove(k.Record.Identity, k.Record.Netns, k.Record.Exempt, p.records); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%v: its container has ended, nothing is left of it\n", k)
	return nil
}
