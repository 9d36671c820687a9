// SPDX-License-Identifier: Apache-2.0

package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// options are the command line's.
type options struct {
	on          string
	color, json bool
	quiet       bool
}

// parse reads the command line; color says what -color auto means.
func parse(args []string, color bool) (options, error) {
	o := options{on: onAuto, color: color}
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Func("on", "", oneOf(&o.on, onAuto, onMachine, onVM))
	flags.Func("color", "", func(s string) error {
		var when string
		err := oneOf(&when, "auto", "always", "never")(s)
		o.color = when == "always" || when == "auto" && color
		return err
	})
	flags.BoolVar(&o.json, "json", false, "")
	flags.BoolVar(&o.quiet, "q", false, "")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return o, nil
}

func oneOf(to *string, values ...string) func(string) error {
	return func(s string) error {
		if !slices.Contains(values, s) {
			return fmt.Errorf("want %s", strings.Join(values, ", "))
		}
		*to = s
		return nil
	}
}

// args are the command line of the same demo in a virtual machine.
func (o options) args() []string {
	out := []string{"-on", onMachine, "-color", "never"}
	if o.color {
		out[3] = "always"
	}
	if o.json {
		out = append(out, "-json")
	}
	if o.quiet {
		out = append(out, "-q")
	}
	return out
}

// progress says what takes long, on standard error: standard output is for the
// story alone.
func (o options) progress(line string) {
	if !o.quiet {
		fmt.Fprintln(os.Stderr, "demo:", line)
	}
}

func onTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
