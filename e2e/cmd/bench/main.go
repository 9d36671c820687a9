// SPDX-License-Identifier: Apache-2.0

// Command bench measures tcni beside the reference bandwidth plugin.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"

	"tcni.dev/e2e/bench"
	"tcni.dev/e2e/bench/report"
)

const usage = `usage: bench [flags]

Measures tcni beside the reference bandwidth plugin and a static Go program, in
one run, and prints one table. Needs root; touches nothing outside of namespaces
that it makes. A target that is missed fails the run where -check asks for it, as
make bench does: on a busy machine, look at what else it did, and run it again.

  -run REGEXP      only rows whose ID matches, and what they are compared with;
                   IDs are in -json: process/add/tcni, packet/u32/1000
  -quick           fewer repetitions
  -check           exit with 1 when a target is missed or was not measured
  -json FILE       write all samples
  -markdown FILE   write the table for a README
  -plot FILE.svg   write cost against rules

FILE may be - for standard output, which then has no text table.

Examples
  bench
  bench -quick -run process
  bench -json bench.json -plot bench.svg
`

// options of the command line.
type options struct {
	bench.Options
	check                bool
	json, markdown, plot string
	guest                string // in the virtual machine: where the binaries are
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	opt, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "bench: %v\n\n%s", err, usage)
		return 2
	}
	opt.Progress = stderr
	if opt.guest != "" {
		err = bench.Guest(ctx, opt.Options, opt.guest, stdout)
		return status(err, stderr)
	}
	rep, err := bench.Run(ctx, opt.Options)
	if err == nil {
		err = write(rep, opt, stdout)
	}
	if err == nil && opt.check {
		err = judge(rep)
	}
	return status(err, stderr)
}

func status(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "bench:", err)
	return 1
}

func parse(args []string) (options, error) {
	var opt options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Func("run", "", func(s string) (err error) {
		opt.Want, err = regexp.Compile(s)
		return err
	})
	flags.BoolVar(&opt.Quick, "quick", false, "")
	flags.BoolVar(&opt.check, "check", false, "")
	flags.StringVar(&opt.json, "json", "", "")
	flags.StringVar(&opt.markdown, "markdown", "", "")
	flags.StringVar(&opt.plot, "plot", "", "")
	flags.StringVar(&opt.guest, "guest", "", "")
	if err := flags.Parse(args); err != nil {
		return opt, err
	}
	if flags.NArg() > 0 {
		return opt, fmt.Errorf("argument %q is too much", flags.Arg(0))
	}
	return opt, nil
}

// write prints the report in all forms that were asked for.
func write(rep *report.Report, opt options, stdout io.Writer) error {
	text := true
	for _, form := range []struct {
		file  string
		write func(io.Writer) error
	}{
		{opt.json, rep.JSON},
		{opt.markdown, rep.Markdown},
		{opt.plot, rep.Plot},
	} {
		switch form.file {
		case "":
		case "-":
			text = false
			if err := form.write(stdout); err != nil {
				return err
			}
		default:
			if err := writeFile(form.file, form.write); err != nil {
				return err
			}
		}
	}
	if text {
		return rep.Text(stdout)
	}
	return nil
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// judge returns an error that lists the targets that are not met.
func judge(rep *report.Report) error {
	var errs []error
	for _, t := range rep.AllTargets() {
		if t.Verdict != report.Met {
			errs = append(errs, fmt.Errorf("%s: %v", t.Row, t))
		}
	}
	return errors.Join(errs...)
}
