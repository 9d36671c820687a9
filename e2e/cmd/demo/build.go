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
)

// The chain's plugins, by the module that knows their versions.
const (
	ours      = "tcni.dev"
	reference = "tcni.dev/e2e"
)

var plugins = map[string][]string{
	ours: {"./plugin/tcni"},
	reference: {
		"github.com/containernetworking/plugins/plugins/main/ptp",
		"github.com/containernetworking/plugins/plugins/ipam/host-local",
	},
}

// build brings the plugins up to date in the repository's cache and returns
// where they are. It builds no more than the demo needs, with the flags that it
// was itself built with on a fresh machine (go run -trimpath), so that most of
// it is compiled already.
func build(ctx context.Context) (string, error) {
	root, err := moduleDir(ctx, ours)
	if err != nil {
		return "", err
	}
	bin := filepath.Join(root, ".cache", "demo-bin")
	failed := make(chan error, len(plugins))
	for module, pkgs := range plugins {
		go func() { failed <- buildIn(ctx, module, bin, pkgs) }()
	}
	for range plugins {
		err = errors.Join(err, <-failed)
	}
	return bin, err
}

func buildIn(ctx context.Context, module, bin string, pkgs []string) error {
	dir, err := moduleDir(ctx, module)
	if err != nil {
		return err
	}
	args := append([]string{"build", "-trimpath", "-ldflags=-s -w", "-o", bin + "/"}, pkgs...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", strings.Join(pkgs, " "), err, out)
	}
	return nil
}

// moduleDir asks from the current directory, which is in module tcni.dev/e2e.
func moduleDir(ctx context.Context, module string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("find module %s from the current directory: %w", module, err)
	}
	return strings.TrimSpace(string(out)), nil
}
