// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"tcni.dev/e2e/fidelity"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/vm"
)

// defaultOut is the directory for the results, from the module's.
const defaultOut = "../out/fidelity"

var errDeviates = errors.New("not as asked")

// onMachine runs the guests, all at once: their clocks count instructions, so
// that they do not disturb each other.
func onMachine(ctx context.Context, o options) error {
	if _, err := regexp.Compile(o.family); err != nil {
		return fmt.Errorf("-family: %w", err)
	}
	dir, err := filepath.Abs(o.out)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if o.bin, err = lab.Bin(ctx); err != nil {
		return err
	}
	reports := make([]*fidelity.Report, len(o.kernels))
	errs := make([]error, len(o.kernels))
	var guests sync.WaitGroup
	for i, k := range o.kernels {
		guests.Go(func() {
			if reports[i], errs[i] = boot(ctx, o, dir, k); errs[i] != nil {
				errs[i] = fmt.Errorf("kernel %s: %w", k, errs[i])
			}
		})
	}
	guests.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return conclude(o, dir, reports)
}

// boot measures on one kernel.
func boot(ctx context.Context, o options, dir, kernel string) (*fidelity.Report, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, kernel+".json")
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	argv := []string{exe, "-in-guest", file, "-bin", o.bin, "-family", o.family}
	if o.quick {
		argv = append(argv, "-quick")
	}
	err = vm.Run(ctx, vm.Config{
		Argv: argv, Kernel: kernel, Icount: 1, Shares: []string{dir}, Memory: 3072,
		Timeout: 90 * time.Minute, Stdout: os.Stderr, Stderr: os.Stderr, Progress: os.Stderr,
	})
	if err != nil {
		return nil, err
	}
	return fidelity.ReadReport(file)
}

// conclude writes the report and says what is not as asked.
func conclude(o options, dir string, reports []*fidelity.Report) error {
	text, err := fidelity.Write(dir, reports)
	if err != nil {
		return err
	}
	if o.json {
		if err := json.NewEncoder(os.Stdout).Encode(reports); err != nil {
			return err
		}
	} else {
		fmt.Print(text)
	}
	var failed []string
	for _, r := range reports {
		failed = append(failed, r.Failed()...)
	}
	if len(failed) > 0 {
		return fmt.Errorf("%d cases are %w:\n%s", len(failed), errDeviates, strings.Join(failed, "\n"))
	}
	return nil
}
