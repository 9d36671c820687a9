// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tcni.dev/conf"
	"tcni.dev/pkg/view"
)

func (p *process) showCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show ATTACHMENT…",
		Short: "show what was asked for and what is in the kernel",
		Long: `show prints all that is known of attachments: whose they are, what is to be in
force and who asked for it, what differs in the kernel, and the trees there.
Differences are printed as want and got; "tcnictl restore" puts them right.

--output: text, tc (the trees as a script of ip and tc commands; an eBPF program
and a distribution of one's own have no words there), json, yaml`,
		Example: `  tcnictl show default/web
  tcnictl show default/web:net1 -o tc
  tcnictl show default/web -o json | jq -r .[].state`,
		ValidArgsFunction: p.completeNames,
	}
	var all bool
	s := selection(cmd)
	allFlag(cmd, &all)
	cmd.RunE = func(_ *cobra.Command, names []string) error {
		if err := namesOrAll(names, all, false); err != nil {
			return err
		}
		form, err := p.form(outputs["show"]...)
		if err != nil {
			return err
		}
		views, err := p.described(s, names, lookAt{trees: true})
		if err != nil {
			return err
		}
		if err := p.showAll(form, views); err != nil {
			return err
		}
		return mayLook(views)
	}
	return cmd
}

func (p *process) showAll(form string, views []view.Attachment) error {
	if form == "json" || form == "yaml" {
		return p.encode(form, views)
	}
	var b strings.Builder
	for i, v := range views {
		if i > 0 {
			b.WriteString("\n")
		}
		if form == "text" {
			p.writeAttachment(&b, v)
		}
		writeTrees(&b, v.Trees, form == "text")
	}
	_, err := fmt.Fprint(p.out, b.String())
	return err
}

func (p *process) writeAttachment(b *strings.Builder, v view.Attachment) {
	state := string(v.State)
	if p.colours() {
		state = statePaint[state] + state + reset
	}
	for _, line := range []struct{ key, value string }{
		{"name", v.Name}, {"network", v.Network}, {"container", v.ContainerID}, {"interface", v.IfName},
		{"netns", v.Netns}, {"host link", v.HostLink}, {"placement", string(v.Placement)}, {"mark", v.Mark},
		{"state", state}, {"why", v.Why},
	} {
		if line.value != "" && (line.key != "why" || len(v.Differences) == 0) {
			fmt.Fprintf(b, "%-10s %s\n", line.key, line.value)
		}
	}
	for _, o := range v.Overrides {
		fmt.Fprintf(b, "%-10s %s since %s\n", "override", overrideText([]view.Override{o}), o.Since.Local().Format("15:04:05"))
	}
	for _, d := range v.Differences {
		fmt.Fprintf(b, "%-10s %s\n", "drift", d)
	}
	for _, w := range v.Warnings {
		fmt.Fprintf(b, "%-10s %s\n", "warning", w)
	}
	source := [2]string{from(v.Sources.Egress), from(v.Sources.Ingress)}
	installed := v.Installed
	if installed == nil {
		writeDirection(b, "egress", v.Shape.Egress, source[0])
		writeDirection(b, "ingress", v.Shape.Ingress, source[1])
	} else {
		writeDirection(b, "egress", v.Shape.Egress, "")
		writeDirection(b, "ingress", v.Shape.Ingress, "")
		b.WriteString("installed\n")
		writeDirection(b, "  egress", installed.Egress, source[0])
		writeDirection(b, "  ingress", installed.Ingress, source[1])
	}
}

func from(source string) string {
	if source == "" {
		return ""
	}
	return "  (" + source + ")"
}

func writeDirection(b *strings.Builder, key string, d *conf.Direction, source string) {
	if d == nil {
		fmt.Fprintf(b, "%-10s -\n", key)
		return
	}
	fmt.Fprintf(b, "%-10s %s%s\n", key, d.Words(), source)
	for i, r := range d.Rules {
		match, err := r.Match.MarshalJSON()
		if err != nil {
			match = []byte(err.Error())
		}
		fmt.Fprintf(b, "%-10s   %s %s %s\n", "", conf.RuleLabel(r.Name, i), match, r.Words())
	}
}

func writeTrees(b *strings.Builder, trees []view.Tree, apart bool) {
	for i, t := range trees {
		if apart || i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(b, "# %s %s\n%s\n", t.Where, t.Device, strings.Join(t.Lines, "\n"))
	}
}
