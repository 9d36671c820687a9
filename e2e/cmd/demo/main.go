// SPDX-License-Identifier: Apache-2.0

// Command demo shows tcni's main job on a real CNI chain, and measures it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"tcni.dev/e2e/demo"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/vm"
)

const usage = `usage: demo [flags]

Puts two containers on a real CNI chain (ptp and tcni, called as a container
runtime calls them), shapes one of them by annotations, and measures what came
of it. Uses the machine's kernel where that has netem, and otherwise one in a
virtual machine. Changes nothing of the machine's own network. Needs root, and
Debian's packages of: e2e/setup base vm

  -on WHERE     auto, machine, vm (default auto)
  -color WHEN   auto, always, never (default auto: on a terminal, unless NO_COLOR is set)
  -json         print the results as JSON: times in ns, rates in bit/s
  -q            say nothing on standard error while it goes on

Exit status: 0 when everything measured is within its bounds, 1 when something
is not, 2 when the demo could not run.

Examples
  demo
  demo -color never >demo.txt
  demo -json -q | jq '.cases[] | {name, paths}'
`

// Exit statuses.
const (
	statusOutside = 1
	statusFailed  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	status := run(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string) int {
	opt, err := parse(args, onTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "")
	if errors.Is(err, flag.ErrHelp) {
		fmt.Print(usage)
		return 0
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "demo: %v\n\n%s", err, usage)
		return statusFailed
	}
	status, err := opt.run(ctx)
	var exit *vm.ExitError
	if errors.As(err, &exit) {
		return exit.Status // the guest has said why
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", strings.TrimPrefix(err.Error(), "demo: "))
		return statusFailed
	}
	return status
}

// run chooses the place.
func (o options) run(ctx context.Context) (status int, err error) {
	if os.Geteuid() != 0 {
		return 0, errors.New("needs root, for network namespaces")
	}
	bin := os.Getenv(lab.BinEnv)
	if bin == "" {
		o.progress("building the plugins")
		if bin, err = build(ctx); err != nil {
			return 0, err
		}
	}
	here, err := o.here()
	if err != nil {
		return 0, err
	}
	if !here {
		return 0, o.inVM(ctx, bin)
	}
	return o.show(ctx, bin)
}

// show runs the demo on this kernel.
func (o options) show(ctx context.Context, bin string) (int, error) {
	text := demo.Text{W: os.Stdout, Color: o.color}
	opt := demo.Options{Bin: bin, Progress: o.progress, Show: text}
	if o.json {
		opt.Show = demo.Silent{}
	}
	report, err := demo.Run(ctx, opt)
	if err != nil {
		return 0, err
	}
	if o.json {
		enc := json.NewEncoder(os.Stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		err = enc.Encode(report)
	} else {
		text.End(report)
	}
	if err != nil || len(report.Failures) == 0 {
		return 0, err
	}
	demo.Text{W: os.Stderr, Color: o.color}.Failures(report)
	return statusOutside, nil
}
