// SPDX-License-Identifier: Apache-2.0

// Command tcnictl shows, changes and counts what the plugin tcni left on a node.
package main

//go:generate go run . manual ../../docs/man

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"tcni.dev/pkg/attach"
)

// process is what a verb meets of the outside world.
type process struct {
	in          io.Reader
	out, err    io.Writer
	getenv      func(string) string
	now         func() time.Time
	records     attach.Records
	cache       []string // directories of libcni's results
	output      string   // --output
	interactive func(any) bool
}

// gcPercent lets a command that looks at a thousand attachments end before much
// garbage is collected: some 30 MB.
const gcPercent = 400

func main() { os.Exit(runMain()) }

func runMain() int {
	debug.SetGCPercent(gcPercent)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	p := &process{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: time.Now, interactive: isTerminal}
	return p.run(ctx, os.Args[1:])
}

// run is tcnictl with its arguments; it returns the exit status.
func (p *process) run(ctx context.Context, args []string) int {
	root := p.root()
	root.SetArgs(args)
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	verb, err := root.ExecuteContextC(ctx)
	return p.exit(verb, err)
}
