// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strings"
	"unicode/utf8"
)

// width of what is printed, in columns.
const width = 98

// wrap breaks a line at spaces so that no part is wider than columns; further
// lines begin with indent, and each but the last ends in tail. A word that is
// longer stays whole.
func wrap(line string, columns int, tail, indent string) string {
	var b strings.Builder
	used := 0
	for i, word := range strings.SplitAfter(line, " ") {
		n := utf8.RuneCountInString(strings.TrimSuffix(word, " "))
		if i > 0 && used+n > columns-utf8.RuneCountInString(tail) {
			b.WriteString("\n" + indent)
			used = utf8.RuneCountInString(indent)
		}
		b.WriteString(word)
		used += utf8.RuneCountInString(word)
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
		if i < len(lines)-1 {
			lines[i] += tail
		}
	}
	return strings.Join(lines, "\n")
}
