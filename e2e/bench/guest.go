// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
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

// inGuest is a group that is measured in the virtual machine: this one's kernel
// lacks what it needs.
func (g group) inGuest() group {
	g.Title += ", in a virtual machine"
	g.Note = strings.TrimPrefix(g.Note+"; ", "; ") +
		"this machine's kernel has no netem; one CPU, whose clock counts instructions, 2 ns each: compare within this table only"
	g.measure = (*bench).boot
	return g
}

// boot runs this very program in the virtual machine, for the rows of one group.
func (b *bench) boot(g *report.Group) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	prefix, _, _ := strings.Cut(g.Rows[0].ID, "/")
	argv := []string{self, "-guest", b.stage, "-run", "^" + prefix + "/"}
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
	here := slices.DeleteFunc(allGroups(true), func(g group) bool { return !g.netem })
	rep, err := run(ctx, opt, s.dir, here)
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
