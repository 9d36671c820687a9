// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"fmt"
	"os"
	"path/filepath"
)

// findRepo returns the root of the repository that the current directory is
// in: the guest's own program is built from its source, and kernels are kept
// below it.
func findRepo() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("vm: %w", err)
	}
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, guestSource)); err == nil {
			return d, nil
		}
		if d == filepath.Dir(d) {
			return "", fmt.Errorf("vm: %s is not in tcni's repository", dir)
		}
	}
}

const guestSource = "e2e/vm/guest/main.go"
