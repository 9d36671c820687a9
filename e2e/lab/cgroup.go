// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// removeCgroups removes the control groups called name, with all below them, in the unified and in
// every legacy hierarchy. Only rmdir is used: it refuses a group that still has processes.
func removeCgroups(name string) error {
	var errs []error
	for _, pattern := range []string{"/sys/fs/cgroup/" + name, "/sys/fs/cgroup/*/" + name} {
		groups, err := filepath.Glob(pattern)
		errs = append(errs, err)
		for _, g := range groups {
			errs = append(errs, removeCgroup(g))
		}
	}
	return errors.Join(errs...)
}

// removeCgroup retries with patience: a killed process leaves its group a little later.
func removeCgroup(group string) error {
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var dirs []string
		err = filepath.WalkDir(group, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				dirs = append(dirs, path)
			}
			return nil
		})
		slices.Reverse(dirs)
		for _, d := range dirs {
			if e := os.Remove(d); e != nil && !errors.Is(e, os.ErrNotExist) {
				err = e
			}
		}
		if err == nil {
			return nil
		}
	}
	return fmt.Errorf("remove control group: %w", err)
}
