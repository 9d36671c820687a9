// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"regexp"
	"slices"
	"strings"

	"tcni.dev/e2e/lab"
)

// A block of filters remembers by which parent it was last added to (struct
// tcf_block, classid), and tells that one for all of its filters: at an ingress
// qdisc, ffff: and ffff:fff2, which tc prints as "ingress", are the same place.
var ingressWord = regexp.MustCompile(`^filter ingress `)

// directPackets counts those that HTB passed by its classes, before they were there.
var directPackets = regexp.MustCompile(` direct_packets_stat \d+`)

// canonical takes out of a snapshot what the kernel chooses and nothing means.
func canonical(s lab.Snapshot) lab.Snapshot {
	out := slices.Clone(s)
	for i, sec := range out {
		out[i].Lines = slices.Clone(sec.Lines)
		for j, line := range sec.Lines {
			line = directPackets.ReplaceAllString(line, "")
			if strings.HasSuffix(sec.Name, " parent ffff:") {
				line = ingressWord.ReplaceAllString(line, "filter ")
			}
			out[i].Lines[j] = line
		}
	}
	return out
}

// What differs between two trees that do the same: the numbers of filters and
// their hash tables, preferences within a slot (pkg/tc, SlotSize), and the
// addresses of IFBs.
var sameRewrites = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`pref (\d+)\d{2} `), "pref ${1}xx "},
	{regexp.MustCompile(`\b(fh|ht|key ht) [0-9a-f]+(:| )`), "$1 N$2"},
	{regexp.MustCompile(`^(tcni\S+: .*link/ether) \S+`), "$1 MAC"},
	{regexp.MustCompile(`^(tcni\S+ inet6) fe80::\S+`), "$1 LLA"},
}

// alike is canonical, and takes out what differs between a tree that was made
// at once and one that became the same by changes.
func alike(s lab.Snapshot) lab.Snapshot {
	out := canonical(s)
	for i, sec := range out {
		out[i].Lines = slices.Clone(sec.Lines)
		for j, line := range sec.Lines {
			for _, r := range sameRewrites {
				line = r.what.ReplaceAllString(line, r.with)
			}
			out[i].Lines[j] = line
		}
		if strings.Contains(sec.Name, "class show") {
			slices.Sort(out[i].Lines) // they are told in the order of a hash table
		}
	}
	return out
}

// unchanged fails if anything differs from an earlier snapshot.
func (n *network) unchanged(before lab.Snapshot, after string) {
	n.t.Helper()
	if d := canonical(n.snapshot()).Diff(canonical(before)); d != "" {
		n.t.Errorf("after %s:\n%s", after, d)
	}
}

// equivalent fails if anything that means something differs.
func (n *network) equivalent(want lab.Snapshot, after string) {
	n.t.Helper()
	if d := alike(n.snapshot()).Diff(alike(want)); d != "" {
		n.t.Errorf("after %s:\n%s", after, d)
	}
}
