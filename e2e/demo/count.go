// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strings"

	"tcni.dev/e2e/lab"
)

// kinds are the sections of a snapshot that are counted together, by a word
// that follows the namespace in the section's name.
var kinds = []struct{ what, section string }{
	{"links", "ip link"},
	{"qdiscs", "tc qdisc"},
	{"classes and filters", "tc class show|tc filter show"},
	{"iptables rules", "iptables-"},
	{"files in " + lab.RecordDir, lab.RecordDir},
}

// counts of the same kinds of things at three times.
func counts(before, shaped, after lab.Snapshot) []Count {
	var out []Count
	for _, k := range kinds {
		words := strings.Split(k.section, "|")
		out = append(out, Count{k.what, count(before, words), count(shaped, words), count(after, words)})
	}
	return out
}

func count(s lab.Snapshot, words []string) int {
	n := 0
	for _, sec := range s {
		_, name, _ := strings.Cut(sec.Name, ": ")
		for _, w := range words {
			if strings.Contains(name, w) {
				n += len(sec.Lines)
			}
		}
	}
	return n
}
