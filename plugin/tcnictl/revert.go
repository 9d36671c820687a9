// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"tcni.dev/pkg/attach"
)

// reverter starts a tcnictl of its own session, which takes an override back at
// a time, whatever becomes of this process. It has the override's keeper open as
// long as it lives. It is told the override's ID by the function that is returned;
// if it is told none, it ends.
func (p *process) reverter(s *attach.Session, until time.Time) (tell func(id string) error, err error) {
	keeper, err := s.Keeper()
	if err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	defer null.Close()
	args := []string{"tcnictl", "revert", string(s.Record().Mark()), until.Format(time.RFC3339Nano), "--records", p.records.Dir}
	process, err := os.StartProcess("/proc/self/exe", args, &os.ProcAttr{
		Dir:   "/",
		Env:   os.Environ(),
		Files: []*os.File{r, null, null, keeper},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the process that reverts: %w", err), w.Close())
	}
	return func(id string) error {
		_, err := fmt.Fprintln(w, id)
		return errors.Join(err, w.Close(), process.Release())
	}, nil
}

func (p *process) revertCmd() *cobra.Command {
	return &cobra.Command{
		Use:    "revert MARK TIME",
		Short:  "wait for a time and take one override back; its ID is read from standard input",
		Hidden: true,
		Args:   cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			until, err := time.Parse(time.RFC3339Nano, args[1])
			if err != nil {
				return usageError{err}
			}
			// It was started as /proc/self/exe, of which ps would call it exe.
			_ = os.WriteFile("/proc/self/comm", []byte("tcnictl-revert"), 0)
			line, err := bufio.NewReader(p.in).ReadString('\n')
			id := strings.TrimSpace(line)
			if err != nil || id == "" {
				return nil // the change was not made
			}
			return p.revert(cmd.Context(), attach.Mark(args[0]), id, until)
		},
	}
}

// revert waits. A player may hold the attachment for long; what is to be
// reverted then lies below what it plays. Where it is told to end before, restore
// makes up for it.
func (p *process) revert(ctx context.Context, m attach.Mark, id string, until time.Time) error {
	select {
	case <-ctx.Done():
		return nil
	case <-time.After(time.Until(until)):
	}
	s, err := p.records.Open(ctx, m)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Drop(func(o *attach.Override) bool { return o.ID == id })
}
