// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
)

func (p *process) clearCmd() *cobra.Command {
	var o clearOptions
	cmd := &cobra.Command{
		Use:   "clear ATTACHMENT…",
		Short: "return to what was installed, or to no shape at all",
		Long: `clear takes back everything that was set or played since the container started:
what ADD installed is in force again. With --off nothing is shaped, until
"tcnictl clear" without it.`,
		Example: `  tcnictl clear default/web
  tcnictl clear --all
  tcnictl clear default/web --off`,
		ValidArgsFunction: p.completeNames,
	}
	s := selection(cmd)
	allFlag(cmd, &o.all)
	cmd.Flags().BoolVar(&o.off, "off", false, "shape nothing")
	cmd.Flags().DurationVar(&o.timeout, "timeout", 5*time.Second, "how long to wait for another tcnictl")
	cmd.RunE = func(cmd *cobra.Command, names []string) error { return p.clear(cmd.Context(), s, names, o) }
	return cmd
}

// clearOptions are the flags of clear.
type clearOptions struct {
	all, off bool
	timeout  time.Duration
}

func (p *process) clear(ctx context.Context, s *attach.Selection, names []string, o clearOptions) error {
	list, err := p.chooseAny(s, names, o.all)
	ctx, stop := context.WithTimeout(ctx, o.timeout)
	defer stop()
	errs := []error{err}
	for _, k := range list {
		if err := p.clearOne(ctx, k, o.off); err != nil {
			errs = append(errs, fmt.Errorf("%v: %w", k, err))
		}
	}
	return errors.Join(errs...)
}

func (p *process) clearOne(ctx context.Context, k attach.Known, off bool) error {
	if k.Unshaped { // as it is to be
		p.printShape(k, k.Record.Shape())
		return nil
	}
	s, err := p.records.Open(ctx, k.Mark)
	if err != nil {
		return err
	}
	defer s.Close()
	if off {
		if _, err = s.Off(p.now()); err != nil {
			return err
		}
		fmt.Fprintf(p.out, "%v: off\n", k)
		return nil
	}
	if err := s.Clear(); err != nil {
		return err
	}
	p.printShape(k, s.Record().Shape())
	return nil
}

// printShape says what is in force now.
func (p *process) printShape(k attach.Known, s conf.Shape) {
	fmt.Fprintf(p.out, "%v: egress %s, ingress %s\n", k, brief(s.Egress), brief(s.Ingress))
}
