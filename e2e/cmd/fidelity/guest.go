// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"syscall"

	"tcni.dev/e2e/fidelity"
)

// resident is where the guest keeps this program and the plugins: in memory. A
// page of them that the machine's disk had to bring would stop a measurement
// for any time.
const resident = "/tmp/fidelity"

// inGuest measures, and leaves the results in a file of a share.
func inGuest(ctx context.Context, o options) error {
	self := filepath.Join(resident, "run")
	if os.Args[0] != self {
		if err := keepResident(o.bin, self); err != nil {
			return err
		}
		return syscall.Exec(self, append([]string{self}, os.Args[1:]...), os.Environ())
	}
	families, err := regexp.Compile(o.family)
	if err != nil {
		return err
	}
	report, err := fidelity.Run(ctx, fidelity.Options{
		Families: families, Bin: filepath.Join(resident, "bin"), Quick: o.quick, Log: os.Stderr,
	})
	if err != nil {
		return err
	}
	b, err := json.Marshal(report)
	if err != nil {
		return err
	}
	return os.WriteFile(o.guest, b, 0o644)
}

func keepResident(bin, self string) error {
	if err := os.MkdirAll(filepath.Join(resident, "bin"), 0o755); err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(bin, "*"))
	if err != nil {
		return err
	}
	if err := copyFile(exe, self); err != nil {
		return err
	}
	for _, f := range files {
		if err := copyFile(f, filepath.Join(resident, "bin", filepath.Base(f))); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o755)
}
