// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/scenario"
)

// timelineMost bounds what --dry-run prints: some scenarios have no end.
const timelineMost = 1000

// timeline prints what each event gives to each target.
func (p *process) timeline(o playOptions, program *scenario.Program, names []string) error {
	roles, groups, err := p.readThrough(o, program, names)
	if err != nil {
		return err
	}
	n := 0
	for s, err := range scenario.Rehearse(program.Events(), roles, groups) {
		if err != nil {
			return usageError{err}
		}
		if n++; n > timelineMost {
			fmt.Fprintln(p.out, "…")
			return nil
		}
		if s.Role == nil {
			fmt.Fprintf(p.out, "%10v  %s\n", s.At, s.Step)
			continue
		}
		fmt.Fprintf(p.out, "%10v  %s  %v: egress %s, ingress %s\n", s.At, s.Step, s.Role, inFull(s.Shape.Egress), inFull(s.Shape.Ingress))
	}
	return nil
}

// readThrough is cast for --dry-run, which needs no attachments: what a scenario
// is for and is not on this node is taken for unshaped.
func (p *process) readThrough(o playOptions, program *scenario.Program, names []string) ([]scenario.Role, map[string]scenario.Names, error) {
	if len(names) > 0 || o.all || len(program.Targets) > 0 {
		list, groups, err := p.cast(o, program, names)
		if len(names) > 0 || o.all || !errors.Is(err, attach.ErrNotFound) {
			return roles(list), groups, err
		}
		p.warn(err.Error() + ": the targets are taken for unshaped")
	}
	out, groups := []scenario.Role{}, map[string]scenario.Names{}
	for _, target := range slices.Sorted(maps.Keys(program.Targets)) {
		out, groups[target] = append(out, standIn(target)), scenario.Names{target}
	}
	if len(out) == 0 {
		out = []scenario.Role{standIn("any")}
	}
	return out, groups, nil
}

// standIn is an unshaped target that is not there.
type standIn string

// Name implements scenario.Role.
func (s standIn) Name() string { return string(s) }

// String implements scenario.Role.
func (s standIn) String() string { return string(s) }

// Base implements scenario.Role.
func (s standIn) Base() conf.Shape { return conf.Shape{} }

// inFull prints a direction with its rules.
func inFull(d *conf.Direction) string {
	if d == nil {
		return "-"
	}
	var b strings.Builder
	b.WriteString(d.Words())
	for i, r := range d.Rules {
		fmt.Fprintf(&b, " [%s: %s]", conf.RuleLabel(r.Name, i), r.Words())
	}
	return b.String()
}
