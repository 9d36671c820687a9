// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/lab"
)

// Options of a run.
type Options struct {
	// Bin is the directory of the plugins ptp, host-local and tcni.
	Bin string
	// Show is told of each case before and after it.
	Show Shower
	// Progress is told what takes long.
	Progress func(line string)
}

// Shower follows a run while it goes on.
type Shower interface {
	Begin(kernel string, emulated bool)
	Case(number int, c Case)
	Measured(d Done)
}

// Silent shows nothing.
type Silent struct{}

// Begin does nothing.
func (Silent) Begin(string, bool) {}

// Case does nothing.
func (Silent) Case(int, Case) {}

// Measured does nothing.
func (Silent) Measured(Done) {}

// run is a demo that goes on.
type run struct {
	Options
	lab    *lab.Lab
	report Report
	// addrs are the containers' addresses, as ADD returned them.
	addrs      map[string]netip.Addr
	containers map[string]*lab.NS
	// before is the node before the shop's first ADD, shaped in the last case.
	before, shaped lab.Snapshot
}

// Run tells the story and measures it. Values outside of their bounds are no
// error; they are in the report. It needs root and a kernel with netem. What
// it makes is in namespaces of its own, and gone when it returns.
func Run(ctx context.Context, opt Options) (Report, error) {
	r := &run{
		Options: opt, report: Report{Failures: []string{}},
		addrs: map[string]netip.Addr{}, containers: map[string]*lab.NS{},
	}
	l, err := lab.New(ctx, lab.Options{Bin: opt.Bin, Worlds: lab.DefaultWorlds()})
	if err != nil {
		return r.report, fmt.Errorf("demo: %w", err)
	}
	r.lab = l
	r.report.Kernel, r.report.Emulated, err = kernel()
	if err == nil {
		r.Show.Begin(r.report.Kernel, r.report.Emulated)
		err = r.story(ctx)
	}
	if err = errors.Join(err, l.Close()); err != nil {
		return r.report, fmt.Errorf("demo: %w", err)
	}
	return r.report, nil
}

// kernel returns the kernel's release, and whether it is package vm's guest.
func kernel() (release string, emulated bool, err error) {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return "", false, fmt.Errorf("kernel release: %w", err)
	}
	return unix.ByteSliceToString(u.Release[:]), os.Getenv("TCNI_VM") != "", nil
}

func (r *run) story(ctx context.Context) error {
	if err := r.make(plain); err != nil {
		return err
	}
	if err := r.add(ctx, plain, nil); err != nil {
		return err
	}
	if err := r.make(shop); err != nil {
		return err
	}
	r.Progress("looking at the node before the first case")
	var err error
	if r.before, err = r.lab.Snapshot(ctx); err != nil {
		return err
	}
	for i, c := range story {
		if err := r.act(ctx, i+1, c); err != nil {
			return fmt.Errorf("case %s: %w", c.Name, err)
		}
	}
	if err := r.wrong(ctx); err != nil {
		return err
	}
	return r.compare(ctx)
}

// act gives the shop a network, measures it, and takes it away.
func (r *run) act(ctx context.Context, number int, c Case) error {
	r.Show.Case(number, c)
	if err := r.add(ctx, shop, c.Annotations); err != nil {
		return err
	}
	d := Done{Case: c}
	if err := r.measureAll(ctx, &d); err != nil {
		return err
	}
	r.report.Cases = append(r.report.Cases, d)
	r.Show.Measured(d)
	if number == len(story) {
		if err := r.look(ctx, c.Annotations); err != nil {
			return err
		}
	}
	return r.del(ctx, shop)
}
