// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tcni.dev/pkg/attach"
)

// completeSelection completes the flags that choose attachments, where a verb has
// them, by what the attachments have.
func (p *process) completeSelection(verb *cobra.Command) {
	if verb.Flags().Lookup("namespace") == nil {
		return
	}
	for flag, of := range map[string]func(attach.Record) string{
		"namespace": func(r attach.Record) string { return r.Pod.Namespace },
		"network":   func(r attach.Record) string { return r.Network },
		"interface": func(r attach.Record) string { return r.IfName },
	} {
		_ = verb.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var out []string
			for _, k := range p.attachments() {
				out = append(out, of(k.Record))
			}
			slices.Sort(out)
			return slices.DeleteFunc(slices.Compact(out), func(s string) bool { return s == "" }), cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// attachments lists all that can be named, as far as it can be known.
func (p *process) attachments() []attach.Known {
	list, err := p.records.List()
	if err != nil {
		return nil
	}
	unshaped, err := attach.Unshaped(p.cache, list)
	if err != nil {
		return list
	}
	return append(list, unshaped...)
}

// completeNames completes attachments' names.
func (p *process) completeNames(_ *cobra.Command, _ []string, start string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, k := range p.attachments() {
		if name := k.Name(); strings.HasPrefix(name, start) {
			out = append(out, cobra.CompletionWithDesc(name, k.Record.Network+" "+k.Record.IfName))
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
