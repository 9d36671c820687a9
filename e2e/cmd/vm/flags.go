// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"tcni.dev/e2e/vm"
)

// parse turns the command line into what to run.
func parse(args []string) (vm.Config, error) {
	var cfg vm.Config
	flags := flag.NewFlagSet("vm", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&cfg.Kernel, "kernel", "", "")
	flags.IntVar(&cfg.CPUs, "cpus", 0, "")
	flags.DurationVar(&cfg.Timeout, "timeout", 0, "")
	flags.BoolVar(&cfg.Again, "again", false, "")
	flags.IntVar(&cfg.Icount, "icount", 0, "")
	flags.Func("mem", "", func(s string) (err error) {
		cfg.Memory, err = mebibytes(s)
		return err
	})
	flags.Func("share", "", func(s string) error {
		cfg.Shares = append(cfg.Shares, s)
		return nil
	})
	flags.BoolFunc("v", "", func(string) error {
		cfg.Console = os.Stderr
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return cfg, err
	}
	cfg.Argv = flags.Args()
	if len(cfg.Argv) == 0 {
		return cfg, errors.New("no command")
	}
	return cfg, nil
}

// mebibytes reads a size with the suffix M or G.
func mebibytes(s string) (int, error) {
	factor, digits := 1, strings.TrimSuffix(s, "M")
	if d, ok := strings.CutSuffix(s, "G"); ok {
		factor, digits = 1024, d
	}
	n, err := strconv.Atoi(digits)
	if err != nil || digits == s || n < 1 || n > 1<<20 {
		return 0, fmt.Errorf("size %q: want a number and M or G", s)
	}
	return n * factor, nil
}
