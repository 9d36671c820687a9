// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"tcni.dev/pkg/attach"
)

// selection adds the flags that choose attachments.
func selection(cmd *cobra.Command) *attach.Selection {
	var s attach.Selection
	cmd.Flags().StringVarP(&s.Namespace, "namespace", "n", "", "pods of this namespace only")
	cmd.Flags().StringVar(&s.Network, "network", "", "attachments to this network only")
	cmd.Flags().StringVarP(&s.IfName, "interface", "i", "", "interfaces of this name only")
	return &s
}

// choose finds the attachments that are meant.
func (p *process) choose(s *attach.Selection, names []string) ([]attach.Known, error) {
	h, err := attach.OpenHost()
	if err != nil {
		return nil, err
	}
	defer h.Close()
	return p.chooseOn(h, s, names)
}

func (p *process) chooseOn(h *attach.Host, s *attach.Selection, names []string) ([]attach.Known, error) {
	list, err := p.records.ListOn(h)
	if err != nil {
		return nil, err
	}
	s.Names = names
	return s.Select(list)
}

// chooseRecorded is choose for verbs that change something: without a record
// nothing is known of the shape.
func (p *process) chooseRecorded(s *attach.Selection, names []string, all bool) ([]attach.Known, error) {
	switch {
	case all && len(names) > 0:
		return nil, usagef("--all and names contradict each other")
	case !all && len(names) == 0:
		return nil, usagef("name an attachment, or say --all")
	}
	list, err := p.choose(s, names)
	if err != nil {
		return nil, err
	}
	for _, k := range list {
		if k.Err != nil {
			return nil, k.Err
		}
	}
	return list, nil
}

// chooseAny is chooseRecorded for what can also work on attachments that nobody
// has shaped yet. A name that no record has is looked for in libcni's cache.
func (p *process) chooseAny(s *attach.Selection, names []string, all bool) ([]attach.Known, error) {
	list, err := p.chooseRecorded(s, names, all)
	if !errors.Is(err, attach.ErrNotFound) {
		return list, err
	}
	unshaped, cacheErr := p.unshaped()
	if cacheErr != nil {
		return nil, errors.Join(err, cacheErr)
	}
	return s.Select(unshaped)
}

// unshaped lists the attachments that nobody has shaped.
func (p *process) unshaped() ([]attach.Known, error) {
	known, err := p.records.List()
	if err != nil {
		return nil, err
	}
	return attach.Unshaped(p.cache, known)
}

// completeNames completes attachments' names.
func (p *process) completeNames(_ *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
	list, err := p.records.List()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var out []string
	for _, k := range list {
		if name := k.Name(); strings.HasPrefix(name, start) {
			out = append(out, cobra.CompletionWithDesc(name, k.Record.Network+" "+k.Record.IfName))
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
