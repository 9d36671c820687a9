// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/scenario"
)

// cast finds the attachments of the scenario's targets, or those that are named.
// groups leads from the scenario's names to attachments.
func (p *process) cast(o playOptions, program *scenario.Program, names []string) ([]attach.Known, map[string]scenario.Names, error) {
	groups := map[string]scenario.Names{}
	if len(names) > 0 || o.all || len(program.Targets) == 0 {
		list, err := p.chooseEach(o.Selection, names, o.all)
		for target := range program.Targets {
			groups[target] = marks(list)
		}
		if len(program.Targets) > 1 {
			err = errors.Join(err, usagef("the scenario names %d targets of its own: name no attachments", len(program.Targets)))
		}
		return list, groups, err
	}
	all := map[attach.Mark]attach.Known{}
	for target, patterns := range program.Targets {
		list, err := p.chooseEach(o.Selection, patterns, false)
		if err != nil {
			return nil, nil, fmt.Errorf("target %s: %w", target, err)
		}
		groups[target] = marks(list)
		for _, k := range list {
			all[k.Mark] = k
		}
	}
	return slices.SortedFunc(maps.Values(all), byName), groups, nil
}

// chooseEach is chooseAny for names of which some are in records and some in
// libcni's cache.
func (p *process) chooseEach(s *attach.Selection, names []string, all bool) ([]attach.Known, error) {
	list, err := p.chooseAny(s, names, all)
	if len(names) < 2 || !errors.Is(err, attach.ErrNotFound) {
		return list, err
	}
	known := map[attach.Mark]attach.Known{}
	for _, name := range names {
		list, err := p.chooseAny(s, []string{name}, all)
		if err != nil {
			return nil, err
		}
		for _, k := range list {
			known[k.Mark] = k
		}
	}
	return slices.SortedFunc(maps.Values(known), byName), nil
}

// byName is the order in which attachments are played on.
func byName(a, b attach.Known) int {
	return cmp.Or(cmp.Compare(a.String(), b.String()), cmp.Compare(a.Mark, b.Mark))
}

// roles are attachments as they are before the play.
func roles(list []attach.Known) (out []scenario.Role) {
	for _, k := range list {
		out = append(out, role{k, k.Record.Shape()})
	}
	return out
}

func marks(list []attach.Known) (out scenario.Names) {
	for _, k := range list {
		out = append(out, string(k.Mark))
	}
	return out
}

// completePlay completes a file, then attachments.
func (p *process) completePlay(cmd *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return p.completeNames(cmd, args, start)
}
