// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"

	"github.com/spf13/cobra"

	"tcni.dev/conf"
	"tcni.dev/pkg/edit"
)

// profileDir adds the flag that says where the node's own profiles are.
func profileDir(cmd *cobra.Command) *string {
	return cmd.Flags().String("profiles", edit.ProfileDir, "directory of profiles of your own")
}

// profileView is a profile as it is printed.
type profileView struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Egress  string `json:"egress"`
	Ingress string `json:"ingress"`
	Source  string `json:"source"`
}

func (p *process) profilesCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profiles [NAME…]",
		Short: "list named links, with where their figures are from",
		Long: `profiles prints links that have a name: for "set ATTACHMENT profile NAME", in a
scenario, and in the annotation tcni.dev/profile. Files in /etc/tcni/profiles.d
(*.yaml, *.json) on the node add others, under names of their own:

  name: office
  title: the branch office
  egress: rate 10mbit delay 15ms
  ingress: rate 40mbit delay 15ms
  source: measured in May

--output: table, wide (with sources), json, yaml`,
		Example: `  tcnictl profiles
  tcnictl profiles lte satellite-geo -o wide
  tcnictl set default/web profile 3g`,
		ValidArgsFunction: p.completeProfiles,
	}
	dir := profileDir(cmd)
	cmd.RunE = func(_ *cobra.Command, names []string) error {
		form, err := p.form(outputs["profiles"]...)
		if err != nil {
			return err
		}
		list, err := edit.Load(*dir)
		if err != nil {
			return err
		}
		for _, name := range names {
			if _, err := list.Find(name); err != nil {
				return usageError{err}
			}
		}
		if len(names) > 0 {
			list = slices.DeleteFunc(list, func(f conf.Profile) bool { return !slices.Contains(names, f.Name) })
		}
		return p.printProfiles(form, list)
	}
	return cmd
}

func (p *process) printProfiles(form string, list edit.Profiles) error {
	var views []profileView
	rows := [][]string{{"NAME", "TITLE", "EGRESS", "INGRESS"}}
	if form == "wide" {
		rows[0] = append(rows[0], "FIGURES FROM")
	}
	for _, f := range list {
		views = append(views, profileView(f))
		row := []string{f.Name, f.Title, f.Egress, f.Ingress}
		if form == "wide" {
			row = append(row, f.Source)
		}
		rows = append(rows, row)
	}
	if form == "json" || form == "yaml" {
		return p.encode(form, views)
	}
	return p.table(rows, nil)
}

func (p *process) completeProfiles(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	dir, _ := cmd.Flags().GetString("profiles")
	list, err := edit.Load(dir)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var out []string
	for _, f := range list {
		out = append(out, cobra.CompletionWithDesc(f.Name, f.Title))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
