// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
)

// diffView is what would change, as it is encoded.
type diffView struct {
	Warnings    []string    `json:"warnings,omitempty"` // of what was read
	Attachments []stepsView `json:"attachments"`
}

type stepsView struct {
	Name     string     `json:"name"`
	Mark     string     `json:"mark"`
	Warnings []string   `json:"warnings,omitempty"`
	Steps    []stepView `json:"steps"` // none: all is as was read
}

type stepView struct {
	Where string `json:"where"` // container, host
	Line  string `json:"line"`  // of ip(8) or tc(8)
}

func (v *diffView) add(k attach.Known, in *attach.Inspection) {
	each := stepsView{Name: k.Name(), Mark: string(k.Mark), Warnings: in.Plan.Warnings, Steps: []stepView{}}
	for _, s := range in.Steps {
		each.Steps = append(each.Steps, stepView{string(s.Where), s.Line})
	}
	v.Attachments = append(v.Attachments, each)
}

// diff compares what was read with attachments on this node.
func (p *process) diff(form, name string, c *conf.Conf) error {
	list, err := p.chooseAny(&attach.Selection{}, []string{name}, false)
	if err != nil {
		return err
	}
	v := diffView{Warnings: c.Warnings, Attachments: []stepsView{}}
	differ, asText := false, form == "tc"
	if asText {
		p.warn(c.Warnings...)
	}
	for _, k := range list {
		s := c.Shape
		s.ExemptNode = k.Record.Exempt
		in, err := attach.Preview(k.Record, s)
		if err != nil {
			return fmt.Errorf("%v: %w", k, err)
		}
		v.add(k, in)
		differ = differ || len(in.Steps) > 0
		if asText {
			p.warn(in.Plan.Warnings...)
			p.printSteps(k, in)
		}
	}
	if !asText {
		err = p.encode(form, v)
	}
	if err == nil && differ {
		err = errMismatch
	}
	return err
}
