// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tcni.dev/conf"
	"tcni.dev/pkg/view"
)

func (p *process) listCmd() *cobra.Command {
	var check, unshaped bool
	cmd := &cobra.Command{
		Use:     "list [ATTACHMENT…]",
		Aliases: []string{"ls"},
		Short:   "list the attachments, with what is in force and how they do",
		Long: `list prints a line for each attachment on the node. STATE is ok, drift (the
kernel differs from what was asked for: see show), gone (the
container has ended), overdue (an override should have ended, or nobody is left to
end it: see restore), stray (a mark without a record), or unknown (only root may
look). With --unshaped, and where a name means them, attachments of libcni's cache
that nobody asked anything for are listed too, as unshaped.

--output: table, wide, json, yaml`,
		Example: `  tcnictl list
  tcnictl list -n default -o wide
  tcnictl list 'default/web-*' -o json
  tcnictl list --unshaped
  tcnictl list --check || echo something is not as it is to be`,
		ValidArgsFunction: p.completeNames,
	}
	s := selection(cmd)
	const also = "those that nobody has shaped, too"
	cmd.Flags().BoolVar(&unshaped, "unshaped", false, also)
	cmd.Flags().BoolVar(&unshaped, "all", false, also) // its other name
	_ = cmd.Flags().MarkHidden("all")
	cmd.Flags().BoolVar(&check, "check", false, "exit with 4 unless all are ok")
	cmd.RunE = func(_ *cobra.Command, names []string) error {
		form, err := p.form(outputs["list"]...)
		if err != nil {
			return err
		}
		views, err := p.described(s, names, lookAt{unshaped: unshaped})
		if err != nil {
			return err
		}
		if form == "table" || form == "wide" {
			err = p.table(rows(views, form == "wide"), statePaint)
			p.tellNone(len(views), unshaped)
		} else {
			err = p.encode(form, views)
		}
		if err == nil {
			err = mayLook(views)
		}
		if err == nil && check {
			err = allOK(views)
		}
		return err
	}
	return cmd
}

func allOK(views []view.Attachment) error {
	for _, v := range views {
		if v.State != view.OK && v.State != view.Unshaped {
			return fmt.Errorf("%s: %s: %s%w", v.Name, v.State, v.Why, errMismatch)
		}
	}
	return nil
}

var statePaint = map[string]string{
	string(view.OK): green, string(view.Drift): red, string(view.Unknown): yellow, string(view.Gone): yellow, string(view.Overdue): yellow, string(view.Stray): red,
}

func rows(views []view.Attachment, wide bool) [][]string {
	title := []string{"NAME", "NETWORK", "INTERFACE", "STATE", "EGRESS", "INGRESS", "OVERRIDE"}
	if wide {
		title = append(title, "CONTAINER", "HOST-LINK", "PLACEMENT", "MARK")
	}
	out := [][]string{title}
	for _, v := range views {
		row := []string{v.Name, or(v.Network), or(v.IfName), string(v.State), brief(v.Shape.Egress), brief(v.Shape.Ingress), overrideText(v.Overrides)}
		if wide {
			row = append(row, or(v.ContainerID), or(v.HostLink), or(string(v.Placement)), v.Mark)
		}
		out = append(out, row)
	}
	return out
}

// brief prints a direction in a table.
func brief(d *conf.Direction) string {
	if d == nil {
		return "-"
	}
	text := d.Words()
	if n := len(d.Rules); n > 0 {
		text += " +" + countOf(n, "rule")
	}
	return text
}

// countOf prints how many there are of something.
func countOf(n int, of string) string {
	if n != 1 {
		of += "s"
	}
	return fmt.Sprintf("%d %s", n, of)
}

// overrideText tells by whom the installed shape is overridden, and how long.
func overrideText(list []view.Override) string {
	if len(list) == 0 {
		return "-"
	}
	o := list[0]
	text := o.By
	if o.Label != "" {
		text += " " + o.Label
	}
	if !o.Until.IsZero() {
		text += " until " + o.Until.Local().Format("15:04:05")
	}
	return text
}

// or prints what may be empty.
func or(s string) string {
	if strings.TrimSpace(s) == "" {
		return "-"
	}
	return s
}
