// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strings"
	"unicode/utf8"
)

// column of the table. Numbers stand right, words left.
type column struct {
	group, head string
	left        bool
}

// layOut makes columns as wide as their widest cell, with two spaces between.
func layOut(cols []column, rows [][]string) []string {
	groups, heads := make([]string, len(cols)), make([]string, len(cols))
	wide := make([]int, len(cols))
	for i, c := range cols {
		groups[i], heads[i] = c.group, c.head
		wide[i] = utf8.RuneCountInString(c.head)
		for _, r := range rows {
			wide[i] = max(wide[i], utf8.RuneCountInString(r[i]))
		}
	}
	lines := []string{groupLine(groups, wide)}
	for _, r := range append([][]string{heads}, rows...) {
		var b strings.Builder
		for i, cell := range r {
			pad := strings.Repeat(" ", wide[i]-utf8.RuneCountInString(cell))
			if cols[i].left {
				b.WriteString(cell + pad + "  ")
			} else {
				b.WriteString(pad + cell + "  ")
			}
		}
		lines = append(lines, strings.TrimRight(b.String(), " "))
	}
	return lines
}

// groupLine puts each group's name where its first column begins.
func groupLine(groups []string, wide []int) string {
	line, at := "", 0
	for i, g := range groups {
		if g != "" {
			line += strings.Repeat(" ", max(at-utf8.RuneCountInString(line), 0)) + g
		}
		at += wide[i] + 2
	}
	return line
}
