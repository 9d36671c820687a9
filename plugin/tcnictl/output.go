// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"
	"sigs.k8s.io/yaml"
)

// outputs are the forms of --output that a verb has, the first one where it is not
// given.
var outputs = map[string][]string{
	"list":     {"table", "wide", "json", "yaml"},
	"show":     {"text", "tc", "json", "yaml"},
	"stats":    {"table", "wide", "json", "yaml"},
	"plan":     {"tc", "json", "yaml"},
	"profiles": {"table", "wide", "json", "yaml"},
	"play":     {"text", "json"},
}

func completeOutput(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return outputs[cmd.Name()], cobra.ShellCompDirectiveNoFileComp
}

// form checks --output against what a verb has; "" stands for the first.
func (p *process) form(known ...string) (string, error) {
	if p.output == "" {
		return known[0], nil
	}
	if !slices.Contains(known, p.output) {
		return "", usagef("--output %s: this verb has %s", p.output, strings.Join(known, ", "))
	}
	return p.output, nil
}

// encode prints a value as JSON or YAML.
func (p *process) encode(form string, v any) error {
	if form == "yaml" {
		data, err := yaml.Marshal(v)
		if err == nil {
			_, err = p.out.Write(data)
		}
		return err
	}
	e := json.NewEncoder(p.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// encodeLine prints a value as a line of JSON.
func (p *process) encodeLine(v any) error { return json.NewEncoder(p.out).Encode(v) }

// table prints rows in columns, the first one being their titles. Colours are
// put in afterwards: the columns' width would count them.
func (p *process) table(rows [][]string, paint map[string]string) error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if !p.colours() {
		paint = nil
	}
	var out strings.Builder // written at once
	for line := range strings.Lines(b.String()) {
		line = strings.TrimRight(line, " \n")
		for word, code := range paint {
			line = strings.ReplaceAll(line, "  "+word+"  ", "  "+code+word+reset+"  ")
		}
		out.WriteString(line + "\n")
	}
	_, err := io.WriteString(p.out, out.String())
	return err
}

// The colours (ECMA-48, SGR).
const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	bold   = "\x1b[1m"
	reset  = "\x1b[0m"
)

// colours tells whether to print some (no-color.org).
func (p *process) colours() bool {
	return p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb" && p.interactive(p.out)
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}
