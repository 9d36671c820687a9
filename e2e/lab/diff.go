// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"strings"
)

// Diff says how the snapshot differs from an earlier one: "-" lines are gone, "+" lines are new.
// It is empty where nothing differs. A section that is missing is an empty one.
func (s Snapshot) Diff(before Snapshot) string {
	var b strings.Builder
	for _, name := range sectionNames(before, s) {
		changes := diffLines(before.Section(name), s.Section(name))
		if len(changes) > 0 {
			fmt.Fprintf(&b, "== %s\n%s\n", name, strings.Join(changes, "\n"))
		}
	}
	return b.String()
}

func sectionNames(list ...Snapshot) []string {
	var names []string
	seen := map[string]bool{}
	for _, s := range list {
		for _, sec := range s {
			if !seen[sec.Name] {
				seen[sec.Name] = true
				names = append(names, sec.Name)
			}
		}
	}
	return names
}

// diffLines is a longest-common-subsequence diff: the order of filters is of meaning.
func diffLines(a, b []string) []string {
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			out = append(out, "-"+a[i])
			i++
		default:
			out = append(out, "+"+b[j])
			j++
		}
	}
	return out
}
