// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Start starts cmd inside the namespaces. Its working directory is / where cmd.Dir is empty.
func (n *NS) Start(cmd *exec.Cmd) error { return n.Do(cmd.Start) }

// Output runs a program inside the namespaces and returns its standard output; an error carries
// what it wrote to standard error.
func (n *NS) Output(ctx context.Context, name string, args ...string) (string, error) {
	run, err := n.Exec(ctx, Command{Path: name, Args: args})
	if err != nil {
		return "", err
	}
	if run.ExitCode != 0 {
		return run.Stdout, fmt.Errorf("%s %s in %s: exit %d: %s", name, strings.Join(args, " "),
			n.Name, run.ExitCode, strings.TrimSpace(run.Stderr))
	}
	return run.Stdout, nil
}

// Command is one program run with exactly this environment and input: the way to give a plugin
// garbage, or to kill it.
type Command struct {
	// Path of the executable, or its name to be looked up in $PATH.
	Path string
	Args []string
	// Env is the whole environment, "KEY=value"; nil is the calling process's.
	Env   []string
	Stdin []byte
	// KillAfter sends SIGKILL this long after the start; 0 never.
	KillAfter time.Duration
}

// Run is how a program ended.
type Run struct {
	Stdout string `json:"stdout"`
	Stderr string `json:"stderr"`
	// ExitCode is the program's own, -1 where a signal ended it.
	ExitCode int `json:"exitCode"`
	// Signal that ended it, 0 for none.
	Signal syscall.Signal `json:"signal,omitempty"`
	// Elapsed from before fork to after wait; User and System are the processor's time, all in ns.
	Elapsed time.Duration `json:"elapsed"`
	User    time.Duration `json:"user"`
	System  time.Duration `json:"system"`
	// MaxRSS is the largest resident set in KiB (getrusage(2)). It is at least that of the
	// calling process at fork time, so read it only from a small caller.
	MaxRSS int64 `json:"maxRSS"`
}

// Exec runs c inside the namespaces to its end. A program that ends badly is no error here, one
// that cannot be started or is ended by ctx is.
func (n *NS) Exec(ctx context.Context, c Command) (Run, error) {
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(c.Stdin), &stdout, &stderr
	cmd.Env = c.Env
	// A grandchild that keeps the pipes open must not keep us waiting.
	cmd.WaitDelay = 5 * time.Second
	var run Run
	err := n.Do(func() error {
		begin := time.Now()
		if err := cmd.Start(); err != nil {
			return err
		}
		if c.KillAfter > 0 {
			t := time.AfterFunc(c.KillAfter, func() { _ = cmd.Process.Kill() })
			defer t.Stop()
		}
		err := cmd.Wait()
		run.Elapsed = time.Since(begin)
		return err
	})
	run.Stdout, run.Stderr = stdout.String(), stderr.String()
	if exit := new(exec.ExitError); err != nil && (!errors.As(err, &exit) || ctx.Err() != nil) {
		return run, fmt.Errorf("run %s in %s: %w", c.Path, n.Name, errors.Join(err, ctx.Err()))
	}
	state := cmd.ProcessState
	run.ExitCode, run.User, run.System = state.ExitCode(), state.UserTime(), state.SystemTime()
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		run.Signal = ws.Signal()
	}
	if ru, ok := state.SysUsage().(*syscall.Rusage); ok {
		run.MaxRSS = ru.Maxrss
	}
	return run, nil
}
