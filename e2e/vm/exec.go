// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// run runs a tool of the machine; what it printed is in the error.
func run(ctx context.Context, name string, args ...string) error {
	return runIn(ctx, "", name, args...)
}

func runIn(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return toolError(cmd, err, out)
	}
	return nil
}

// output runs a tool and returns its standard output.
func output(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return "", toolError(cmd, err, exit.Stderr)
		}
		return "", toolError(cmd, err, nil)
	}
	return string(out), nil
}

// pipe runs a | b.
func pipe(a, b *exec.Cmd) error {
	var stderr bytes.Buffer
	a.Stderr, b.Stderr = &stderr, &stderr
	stdout, err := a.StdoutPipe()
	if err != nil {
		return toolError(a, err, nil)
	}
	b.Stdin = stdout
	if err := a.Start(); err != nil {
		return toolError(a, err, nil)
	}
	errB := b.Run()
	stdout.Close() // if b ended early, a must not wait for a reader
	errA := a.Wait()
	if errB != nil {
		return toolError(b, errB, stderr.Bytes())
	}
	if errA != nil {
		return toolError(a, errA, stderr.Bytes())
	}
	return nil
}

// toolError names the tool by its name alone, not by its thirty arguments.
func toolError(cmd *exec.Cmd, err error, out []byte) error {
	name := cmd.Args[0]
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("%s is not installed (see e2e/setup)", name)
	}
	if text := strings.TrimSpace(string(out)); text != "" {
		return fmt.Errorf("%s: %w: %s", name, err, text)
	}
	return fmt.Errorf("%s: %w", name, err)
}
