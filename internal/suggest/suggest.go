// SPDX-License-Identifier: Apache-2.0

// Package suggest tells what a name that nobody knows may have been meant to be.
package suggest

import (
	"fmt"
	"strings"
)

// Unknown says that name is none of names, and which of them it may have been
// meant to be; what is what they name ("key").
func Unknown(what, name string, names []string) error {
	if near := Nearest(name, names); near != "" {
		return fmt.Errorf("unknown %s %q: did you mean %q?", what, name, near)
	}
	return fmt.Errorf("unknown %s %q: want one of %s", what, name, strings.Join(names, ", "))
}

// Nearest returns the name with the fewest edits from s, case aside: at most
// two, and fewer than half of s. It returns "" if there is none.
func Nearest(s string, names []string) string {
	best, least := "", min(2, (len(s)-1)/2)+1
	if len(s) > 64 { // no name of ours: do not compute with it
		return ""
	}
	for _, name := range names {
		if d := edits(strings.ToLower(s), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

// edits is the Levenshtein distance of a and b.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diagonal
			if a[i] != b[j] {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}
