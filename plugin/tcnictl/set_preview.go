// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"tcni.dev/pkg/attach"
)

// preview prints what a change would do.
func (p *process) preview(k attach.Known, change attach.Edit) error {
	live := k.Live()
	shape, err := change(live.Shape())
	if err != nil {
		return err
	}
	in, err := attach.Preview(live, shape)
	if err != nil {
		return err
	}
	p.warn(in.Plan.Warnings...)
	p.printSteps(k, in)
	return nil
}

func (p *process) printSteps(k attach.Known, in *attach.Inspection) {
	fmt.Fprintf(p.out, "# %v\n", k)
	for _, s := range in.Steps {
		fmt.Fprintf(p.out, "%-9s  %s\n", s.Where, s.Line)
	}
}
