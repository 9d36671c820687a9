// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// referencePlugins are built from the module version that e2e/go.mod pins by its tool directives.
var referencePlugins = []string{
	"github.com/containernetworking/plugins/plugins/main/bridge",
	"github.com/containernetworking/plugins/plugins/main/host-device",
	"github.com/containernetworking/plugins/plugins/main/loopback", // containerd calls it for every pod
	"github.com/containernetworking/plugins/plugins/main/macvlan",
	"github.com/containernetworking/plugins/plugins/main/ptp",
	"github.com/containernetworking/plugins/plugins/ipam/host-local",
	"github.com/containernetworking/plugins/plugins/meta/bandwidth",
	"github.com/containernetworking/plugins/plugins/meta/firewall",
	"github.com/containernetworking/plugins/plugins/meta/portmap",
	"github.com/containernetworking/plugins/plugins/meta/tuning",
	"tcni.dev/e2e/cmd/pause",
}

// Build puts the reference plugins, the pause program and, where they exist in this tree, tcni's
// own executables into dir. Binaries are static and stripped. Safe to call from several processes.
func Build(ctx context.Context, dir string) error {
	return errors.Join(BuildReference(ctx, dir), BuildOurs(ctx, dir))
}

// BuildReference puts the reference plugins and the pause program into dir.
func BuildReference(ctx context.Context, dir string) error {
	root, err := ModuleRoot(ctx)
	if err != nil {
		return err
	}
	return build(ctx, root, dir, referencePlugins)
}

// BuildOurs puts every executable below plugin/ into dir; a tree that has none yet is no error.
func BuildOurs(ctx context.Context, dir string) error {
	root, err := ModuleRoot(ctx)
	if err != nil {
		return err
	}
	root = filepath.Dir(root)
	mains, err := filepath.Glob(filepath.Join(root, "plugin", "*", "main.go"))
	if err != nil || len(mains) == 0 {
		return err
	}
	var pkgs []string
	for _, m := range mains {
		pkgs = append(pkgs, "./plugin/"+filepath.Base(filepath.Dir(m)))
	}
	return build(ctx, root, dir, pkgs)
}

// build holds a lock while it runs: the linker may not write to a binary that another process
// has just begun to execute.
func build(ctx context.Context, module, dir string, pkgs []string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("build: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	unlock, err := Lock(dir + ".lock")
	if err != nil {
		return fmt.Errorf("build: %w", err)
	}
	defer unlock()
	stage, err := os.MkdirTemp(filepath.Dir(dir), ".stage-")
	if err != nil {
		return fmt.Errorf("build: %w", err)
	}
	defer os.RemoveAll(stage)
	args := append([]string{"build", "-trimpath", "-ldflags=-s -w", "-o", stage + "/"}, pkgs...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w: %s", strings.Join(pkgs, " "), err, out)
	}
	return moveAll(stage, dir)
}

// Lock waits until it alone has a file, which is made where there is none, locked.
func Lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
	}
	return func() { f.Close() }, nil
}

// moveAll renames every file of from into to, replacing atomically what is there.
func moveAll(from, to string) error {
	files, err := os.ReadDir(from)
	if err != nil {
		return fmt.Errorf("build: %w", err)
	}
	for _, f := range files {
		if err := os.Rename(filepath.Join(from, f.Name()), filepath.Join(to, f.Name())); err != nil {
			return fmt.Errorf("build: %w", err)
		}
	}
	return nil
}

// ModuleRoot is the directory of this package's module, tcni.dev/e2e.
func ModuleRoot(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "tcni.dev/e2e")
	out, err := cmd.Output()
	dir := strings.TrimSpace(string(out))
	if err != nil || dir == "" {
		return "", fmt.Errorf("find module tcni.dev/e2e from the working directory: %w", err)
	}
	return dir, nil
}
