// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

// stage is a temporary directory with the binaries under test.
type stage struct{ dir string }

// helpers are built on the spot.
var helpers = []string{"tcni.dev/e2e/bench/hello", "tcni.dev/e2e/bench/peak"}

// newStage builds everything, static and stripped.
func newStage(ctx context.Context, progress io.Writer) (*stage, error) {
	fmt.Fprintln(progress, "bench: building")
	bin, err := lab.Bin(ctx)
	if err != nil {
		return nil, err
	}
	s, err := copyStage(bin, ours, companion, reference)
	if err != nil {
		return nil, err
	}
	args := append([]string{"build", "-trimpath", "-ldflags=-s -w", "-o", s.dir + "/"}, helpers...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("build %s: %w: %s", strings.Join(helpers, " "), err, out), s.remove())
	}
	return s, nil
}

// copyStage makes a stage of programs of a directory.
func copyStage(from string, programs ...string) (*stage, error) {
	dir, err := os.MkdirTemp("", "tcni-bench-")
	if err != nil {
		return nil, fmt.Errorf("stage: %w", err)
	}
	s := &stage{dir}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, errors.Join(fmt.Errorf("stage: %w", err), s.remove())
	}
	for _, name := range programs {
		data, err := os.ReadFile(filepath.Join(from, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o755)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("stage: %w", err), s.remove())
		}
	}
	return s, nil
}

func (s *stage) remove() error { return os.RemoveAll(s.dir) }

// machine says what the numbers were measured on.
func machine() report.Machine {
	m := report.Machine{CPU: "unknown processor", CPUs: runtime.NumCPU(), Go: runtime.Version()}
	var uts unix.Utsname
	if unix.Uname(&uts) == nil {
		m.Kernel = unix.ByteSliceToString(uts.Release[:])
	}
	data, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(data)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			m.CPU = strings.TrimSpace(value)
			break
		}
	}
	return m
}
