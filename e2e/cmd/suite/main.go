// SPDX-License-Identifier: Apache-2.0

// Command suite builds tcni, the reference plugins and the end-to-end tests of
// e2e/suite, and runs each test where it can run: on this machine's kernel, or
// in a virtual machine whose kernel has what this one lacks.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"tcni.dev/e2e/vm"
)

const usage = `usage: suite [-run REGEXP] [-kernel NAME] [-v]

Builds everything and runs the end-to-end tests. Needs root and what e2e/setup
installs. Tests that need netem run on this machine if its kernel has it, else
in a virtual machine.

  -run REGEXP   only tests whose name matches, as for go test
  -kernel NAME  all tests in a virtual machine, with the kernel of this Debian
                suite: %s
  -v            show every test

Exit status: 0 if all tests passed, 1 if one failed, 2 if something else did.
`

// options are the command line.
type options struct {
	run     string
	kernel  string // "": this machine's, as far as possible
	verbose bool
}

var errUsage = errors.New("wrong usage")

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("suite", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprintf(stderr, usage, strings.Join(kernels(), ", ")) }
	flags.StringVar(&o.run, "run", "", "")
	flags.StringVar(&o.kernel, "kernel", "", "")
	flags.BoolVar(&o.verbose, "v", false, "")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		flags.Usage()
		return o, errUsage
	}
	return o, nil
}

func kernels() []string {
	var names []string
	for _, k := range vm.Kernels {
		names = append(names, k.Name)
	}
	return names
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := suite(ctx, os.Args[1:])
	stop()
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errFailed):
		os.Exit(1)
	default:
		if !errors.Is(err, errUsage) {
			fmt.Fprintln(os.Stderr, "suite:", err)
		}
		os.Exit(2)
	}
}

func suite(ctx context.Context, args []string) error {
	o, err := parse(args, os.Stderr)
	if err != nil {
		return err
	}
	if os.Geteuid() != 0 {
		return errors.New("network namespaces need root")
	}
	b, err := build(ctx)
	if err != nil {
		return err
	}
	tests, err := b.list(ctx, o.run)
	if err != nil {
		return err
	}
	return runAll(ctx, o, b, assign(tests, o.kernel != "", machineHasNetem(ctx)))
}
