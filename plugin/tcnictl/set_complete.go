// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"

	"github.com/spf13/cobra"

	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/edit"
)

// completeSet completes an attachment, then directions, then netem's words.
func (p *process) completeSet(cmd *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
	if all, _ := cmd.Flags().GetBool("all"); len(args) == 0 && !all {
		return p.completeNames(cmd, args, start)
	}
	if len(args) > 0 && args[len(args)-1] == "profile" {
		return p.completeProfiles(cmd, nil, start)
	}
	words := []string{edit.Egress, edit.Ingress, edit.Both, "profile"}
	if slices.ContainsFunc(args, func(arg string) bool { return slices.Contains(words[:3], arg) }) {
		words = append(words, conf.KnownWords()...)
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// completeRules completes the names of an attachment's rules.
func (p *process) completeRules(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	list, err := p.choose(&attach.Selection{}, args[:1])
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return ruleNames(list), cobra.ShellCompDirectiveNoFileComp
}
