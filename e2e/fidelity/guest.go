// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"

	"tcni.dev/e2e/lab"
)

// Options of a run.
type Options struct {
	Families *regexp.Regexp // their names; nil: all
	Bin      string         // the directory of the plugin binaries
	Quick    bool           // a tenth of the packets
	Log      io.Writer      // a line for each case
}

// Run measures all cases on this kernel, as root.
func Run(ctx context.Context, opt Options) (*Report, error) {
	l, err := lab.New(ctx, lab.Options{Bin: opt.Bin, Worlds: lab.DefaultWorlds()})
	if err != nil {
		return nil, err
	}
	r := runner{lab: l, opt: opt, scale: 1}
	if opt.Quick {
		r.scale = 0.1
	}
	report, err := r.run(ctx)
	return report, errors.Join(err, l.Close())
}

type runner struct {
	lab    *lab.Lab
	opt    Options
	scale  float64
	base   Baselines
	plain  *Link // where plain netem is installed, for one case after the other
	number int
}

func (r *runner) run(ctx context.Context) (*Report, error) {
	release, err := kernel()
	if err != nil {
		return nil, err
	}
	report := &Report{Kernel: release, Quick: r.opt.Quick}
	err = r.with(ctx, Case{Name: "baseline"}, bare, 1, func(l *Link) error {
		r.base, err = measureBaselines(ctx, l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	if r.plain, err = attach(ctx, r.lab, "plain", Case{}, bare); err != nil {
		return nil, err
	}
	for _, f := range Families() {
		if r.opt.Families != nil && !r.opt.Families.MatchString(f.Name) {
			continue
		}
		out := FamilyReport{Name: f.Name, About: f.About}
		for _, c := range f.Cases {
			res := r.measure(ctx, c)
			out.Cases = append(out.Cases, res)
			fmt.Fprintf(r.opt.Log, "%s %s %s: %s\n", release, f.Name, res.Name, res.line())
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
		report.Families = append(report.Families, out)
	}
	if len(report.Families) == 0 {
		return nil, fmt.Errorf("no family's name matches %q", r.opt.Families)
	}
	return report, nil
}
