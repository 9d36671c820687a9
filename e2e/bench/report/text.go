// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// columns of the table, in text and in Markdown.
var columns = []struct {
	name  string
	right bool // aligned
	cell  func(*Report, *Row) string
}{
	{"", false, func(_ *Report, r *Row) string { return r.Label }},
	{"median", true, func(_ *Report, r *Row) string { return measured(r, r.Median()) }},
	{"min", true, func(_ *Report, r *Row) string { return measured(r, r.Min()) }},
	{"cpu", true, func(_ *Report, r *Row) string {
		if len(r.CPU) == 0 {
			return ""
		}
		return Seconds.Format(Median(r.CPU))
	}},
	{"ratio", false, ratios},
	{"target", false, targets},
	{"", false, func(_ *Report, r *Row) string { return brief(r.Note + " " + r.Problem) }},
}

// briefLen is as much of a remark as a table shows; JSON has it whole.
const briefLen = 80

func brief(s string) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) <= briefLen {
		return string(runes)
	}
	return string(runes[:briefLen-1]) + "…"
}

func measured(r *Row, v float64) string {
	if len(r.Samples) == 0 {
		return "–"
	}
	return r.Unit.Format(v)
}

func ratios(rep *Report, r *Row) string {
	var out []string
	for _, ratio := range r.Ratios {
		if v, ok := rep.Ratio(r, ratio); ok {
			out = append(out, fmt.Sprintf("%.2f × %s", v, ratio.Name))
		}
	}
	return strings.Join(out, ", ")
}

func targets(rep *Report, r *Row) string {
	var out []string
	for _, t := range rep.Targets(r) {
		out = append(out, t.String())
	}
	return strings.Join(out, ", ")
}

// cells returns a line for each row of a group, without columns that are empty
// in all of them; the first line is the heading.
func (r *Report) cells(g *Group) (lines [][]string, right []bool) {
	lines = make([][]string, len(g.Rows)+1)
	for i, c := range columns {
		used := i == 0
		var column []string
		for _, row := range g.Rows {
			text := c.cell(r, row)
			used = used || text != ""
			column = append(column, text)
		}
		if !used {
			continue
		}
		right = append(right, c.right)
		for n, text := range append([]string{c.name}, column...) {
			lines[n] = append(lines[n], text)
		}
	}
	return lines, right
}

// machine is the line above the tables.
func (r *Report) machine() string {
	m := r.Machine
	return fmt.Sprintf("Linux %s, %d × %s, %s", m.Kernel, m.CPUs, m.CPU, m.Go)
}

// Text writes the groups as aligned tables, and the targets that were missed.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintln(&b, r.machine())
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "\n%s\n", g.Title)
		if g.Note != "" {
			fmt.Fprintf(&b, "  (%s)\n", g.Note)
		}
		lines, right := r.cells(g)
		writeAligned(&b, lines, right)
	}
	writeSummary(&b, r.AllTargets())
	_, err := io.WriteString(w, b.String())
	return err
}

func writeAligned(b *strings.Builder, lines [][]string, right []bool) {
	widths := make([]int, len(right))
	for _, line := range lines {
		for i, text := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	for _, line := range lines {
		var out strings.Builder
		for i, text := range line {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
			if right[i] {
				text = pad + text
			} else {
				text += pad
			}
			out.WriteString("  " + text)
		}
		b.WriteString(strings.TrimRight(out.String(), " ") + "\n")
	}
}

func writeSummary(b *strings.Builder, all []Target) {
	if len(all) == 0 {
		return
	}
	count := map[Verdict]int{}
	for _, t := range all {
		count[t.Verdict]++
	}
	fmt.Fprintf(b, "\ntargets: %d met, %d missed, %d not measured\n", count[Met], count[Missed], count[Open])
}
