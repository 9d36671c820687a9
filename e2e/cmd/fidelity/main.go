// SPDX-License-Identifier: Apache-2.0

// Command fidelity measures what was asked for beside what is there: tcni and
// plain netem, with real traffic, on the kernels of virtual machines.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"tcni.dev/e2e/vm"
)

const usage = `usage: fidelity [-kernel LIST] [-family REGEXP] [-quick] [-json] [-out DIR]

Makes real attachments in a virtual machine, sends real traffic through them,
and measures whether the network is the one that was asked for; plain netem is
measured beside it. Writes README.md, the same tables as summary.md in short,
plots of each family and, for each kernel, KERNEL.json. Needs root and what
e2e/setup base vm installs.

  -kernel LIST    of %s (default %s)
  -family REGEXP  only families whose name matches
  -quick          a tenth of the packets: wider intervals
  -json           print the results as JSON in place of the table
  -out DIR        where to write (default %s)

Exit status: 0 if all that tcni did is as asked, 1 if something is not, 2 if
something could not be measured.

Examples
  fidelity
  fidelity -kernel trixie -family 'loss|rate'
`

// defaultKernels are Debian 12's and a newer one.
const defaultKernels = "bookworm,trixie"

type options struct {
	kernels []string
	family  string
	quick   bool
	json    bool
	out     string
	guest   string // in the guest: the file for the results
	bin     string
}

var errUsage = errors.New("wrong usage")

func parse(args []string) (options, error) {
	var o options
	var kernels string
	flags := flag.NewFlagSet("fidelity", flag.ContinueOnError)
	flags.Usage = func() {
		var names []string
		for _, k := range vm.Kernels {
			names = append(names, k.Name)
		}
		fmt.Fprintf(os.Stderr, usage, strings.Join(names, ", "), defaultKernels, defaultOut)
	}
	flags.StringVar(&kernels, "kernel", defaultKernels, "")
	flags.StringVar(&o.family, "family", "", "")
	flags.BoolVar(&o.quick, "quick", false, "")
	flags.BoolVar(&o.json, "json", false, "")
	flags.StringVar(&o.out, "out", defaultOut, "")
	flags.StringVar(&o.guest, "in-guest", "", "")
	flags.StringVar(&o.bin, "bin", "", "")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.kernels = strings.Split(kernels, ",")
	if flags.NArg() > 0 {
		flags.Usage()
		return o, errUsage
	}
	return o, nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status, err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) && !errors.Is(err, errUsage) {
		fmt.Fprintln(os.Stderr, "fidelity:", err)
	}
	os.Exit(status)
}

func run(ctx context.Context, args []string) (int, error) {
	o, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0, nil
	case err != nil:
		return 2, err
	case o.guest != "":
		err = inGuest(ctx, o)
	default:
		err = onMachine(ctx, o)
	}
	switch {
	case errors.Is(err, errDeviates):
		return 1, err
	case err != nil:
		return 2, err
	}
	return 0, nil
}
