// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the groups as tables for a README.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured by `make bench` on %s.\n", r.machine())
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "\n**%s**", g.Title)
		if g.Note != "" {
			fmt.Fprintf(&b, " (%s)", g.Note)
		}
		b.WriteString("\n\n")
		lines, right := r.cells(g)
		writePipes(&b, lines[0])
		var rule []string
		for _, r := range right {
			rule = append(rule, map[bool]string{true: "---:", false: "---"}[r])
		}
		writePipes(&b, rule)
		for _, line := range lines[1:] {
			writePipes(&b, line)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writePipes(b *strings.Builder, cells []string) {
	for _, text := range cells {
		b.WriteString("| " + strings.ReplaceAll(text, "|", `\|`) + " ")
	}
	b.WriteString("|\n")
}
