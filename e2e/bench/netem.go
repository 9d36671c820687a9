// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/vm"
)

const (
	guestLimit = 3 * time.Minute // for the virtual machine, boot included
	// guestClock makes the guest's clock count instructions, 2 ns each, on one
	// CPU: an emulated machine is slow, and busy with what else this one does.
	guestClock = 1
)

// netemGroup is measured here or, where the kernel has no netem, in a virtual
// machine that has.
func netemGroup(measure func(*bench, *report.Group) error, guest bool) group {
	g := group{Group: report.Group{
		Title: "Whole process, with netem",
		Rows:  []*report.Row{{ID: "netem/hello", Label: "static Go hello", Unit: report.Seconds}},
	}, measure: measure}
	if guest {
		g.Title += ", in a virtual machine"
		g.Note = "this machine's kernel has no netem; one CPU, whose clock counts instructions, 2 ns each: compare within this table only"
	}
	for _, verb := range lifecycle {
		bound := map[lab.Verb]float64{lab.ADD: 1}[verb]
		g.Rows = append(g.Rows,
			processRow("netem", verb, "bandwidth", "bandwidth v1.9.1, a rate", 0, 0),
			processRow("netem", verb, "tcni", "tcni, a rate", 0, 0),
			processRow("netem", verb, "tcni-netem", "tcni, four rules and netem", bound, 0))
	}
	return g
}

// netemRounds returns how often the group is repeated: a clock that counts
// instructions needs less, and an emulated machine takes longer.
func (b *bench) netemRounds() (full, quick int) {
	if b.guest {
		return 12, 3
	}
	return 100, 5
}

func (b *bench) netemHere(g *report.Group) error {
	hello, err := b.hello()
	return b.turns(b.rounds(b.netemRounds()),
		program(g.Row("netem/hello"), hello, err),
		b.verbs(referenceRate, "bandwidth", g, rowID("netem", "bandwidth"), lifecycle...),
		b.verbs(oursRate, "rate", g, rowID("netem", "tcni"), lifecycle...),
		b.verbs(bothWays(fourNetems), "netem", g, rowID("netem", "tcni-netem"), lifecycle...),
	)
}

// netemInGuest runs this very program in the virtual machine.
func (b *bench) netemInGuest(g *report.Group) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	argv := []string{self, "-guest", b.stage}
	if b.Quick {
		argv = append(argv, "-quick")
	}
	var out, said bytes.Buffer
	err = vm.Run(b.ctx, vm.Config{Argv: argv, Stdout: &out, Stderr: &said, Timeout: guestLimit, Icount: guestClock})
	if err != nil {
		return fmt.Errorf("virtual machine: %w %s", err, bytes.TrimSpace(said.Bytes()))
	}
	rep, err := report.Read(out.Bytes())
	if err != nil {
		return err
	}
	for _, row := range g.Rows {
		if there := rep.Row(row.ID); there != nil {
			row.Samples, row.CPU, row.Problem = there.Samples, there.CPU, there.Problem
		}
	}
	g.Note = fmt.Sprintf("Linux %s: %s", rep.Machine.Kernel, g.Note)
	return nil
}

// Guest measures what needs netem inside the virtual machine, with the stage of
// the machine, and writes the report as JSON.
func Guest(ctx context.Context, opt Options, dir string, w io.Writer) (err error) {
	// The machine's files come over 9p: programs are to start from memory, as
	// they do outside.
	s, err := copyStage(dir, ours, reference, floor, peak)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.remove()) }()
	opt.guest = true
	rep, err := run(ctx, opt, s.dir, []group{netemGroup((*bench).netemHere, false)})
	if err != nil {
		return err
	}
	return rep.JSON(w)
}

// hasNetem asks the kernel, in a namespace.
func hasNetem(ctx context.Context, dir string) (has bool, err error) {
	l, err := lab.New(ctx, lab.Options{Bin: dir})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	_, missing := l.Node.Output(ctx, "tc", "qdisc", "add", "dev", "lo", "root", "netem")
	return missing == nil, nil
}
