// SPDX-License-Identifier: Apache-2.0

package main

import (
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/view"
)

// planned is a plan as it is encoded.
type plannedView struct {
	Warnings []string    `json:"warnings,omitempty"`
	Classes  []classView `json:"classes"`
	Trees    []view.Tree `json:"trees"`
}

type classView struct {
	Direction string `json:"direction"`
	Rule      string `json:"rule,omitempty"`
	Class     string `json:"class"`
}

func planView(made *plan.Plan, warnings []string) plannedView {
	v := plannedView{Warnings: warnings, Classes: []classView{}, Trees: []view.Tree{}}
	for _, c := range made.Classes {
		v.Classes = append(v.Classes, classView{c.Direction, c.Rule, c.Class.String()})
	}
	for _, t := range made.Trees {
		v.Trees = append(v.Trees, view.Tree{Where: string(t.Where), Device: t.Device, Lines: t.Lines()})
	}
	return v
}
