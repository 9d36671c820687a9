// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"tcni.dev/e2e/lab"
)

// built is where everything is.
type built struct {
	bin  string // directory of plugins
	test string // the test binary
	dir  string // of the tests' sources, where go test would run them
}

// build brings all binaries up to date: a slow virtual machine is to build
// nothing.
func build(ctx context.Context) (built, error) {
	fmt.Println("building tcni, the reference plugins and the tests")
	bin, err := lab.Bin(ctx)
	if err != nil {
		return built{}, err
	}
	out, err := goTool(ctx, "list", "-f", "{{.Dir}}", "tcni.dev/e2e/suite")
	if err != nil {
		return built{}, err
	}
	b := built{bin: bin, test: filepath.Join(bin, "suite.test"), dir: strings.TrimSpace(out)}
	_, err = goTool(ctx, "test", "-c", "-o", b.test, "tcni.dev/e2e/suite")
	return b, err
}

func goTool(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	out, err := cmd.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return "", fmt.Errorf("go %s: %w: %s", strings.Join(args, " "), err, exit.Stderr)
	}
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return string(out), nil
}

// list names the top-level tests that run chooses.
func (b built) list(ctx context.Context, run string) ([]string, error) {
	top, _, _ := strings.Cut(run, "/")
	if top == "" {
		top = "."
	}
	out, err := exec.CommandContext(ctx, b.test, "-test.list", top).Output()
	if err != nil {
		return nil, fmt.Errorf("list tests: %w", err)
	}
	tests := strings.Fields(string(out))
	if len(tests) == 0 {
		return nil, fmt.Errorf("no test matches %q", run)
	}
	return tests, nil
}

// machineHasNetem tries, in a network namespace that ends with the command.
func machineHasNetem(ctx context.Context) bool {
	cmd := exec.CommandContext(ctx, "unshare", "-n", "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms")
	return cmd.Run() == nil
}
