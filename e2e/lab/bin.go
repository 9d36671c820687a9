// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// BinEnv names the environment variable with a directory that [Build] has filled before; where it
// is set, [Bin] builds nothing. It is how binaries get into a slow virtual machine.
const BinEnv = "TCNI_BIN"

// Bin returns the directory of the plugin binaries: [BinEnv] where that is set, otherwise a cache
// directory of the repository that is brought up to date first. The build is shared by all
// processes of a run; the second one finds it done.
func Bin(ctx context.Context) (string, error) { return binDir(ctx, "all", Build) }

// ReferenceBin is [Bin] without tcni's own executables.
func ReferenceBin(ctx context.Context) (string, error) {
	return binDir(ctx, "reference", BuildReference)
}

// built remembers what this process has brought up to date already, by directory and kind: asking
// the toolchain again costs a second.
var built struct {
	sync.Mutex
	dirs map[string]string
}

func binDir(ctx context.Context, kind string, build func(context.Context, string) error) (string, error) {
	if dir := os.Getenv(BinEnv); dir != "" {
		if _, err := os.Stat(filepath.Join(dir, "host-local")); err != nil {
			return "", fmt.Errorf("%s: %w", BinEnv, err)
		}
		return filepath.Abs(dir)
	}
	built.Lock()
	defer built.Unlock()
	if dir := built.dirs[kind]; dir != "" {
		return dir, nil
	}
	root, err := ModuleRoot(ctx)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(filepath.Dir(root), ".cache", "e2e-bin")
	if err := build(ctx, dir); err != nil {
		return "", err
	}
	if built.dirs == nil {
		built.dirs = map[string]string{}
	}
	built.dirs[kind] = dir
	return dir, nil
}
