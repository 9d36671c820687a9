// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"regexp"
	"slices"
	"strings"
)

type rewrite struct {
	what *regexp.Regexp
	with string
}

func rewriteAll(s string, list []rewrite) string {
	for _, r := range list {
		s = r.what.ReplaceAllString(s, r.with)
	}
	return strings.TrimRight(s, " ")
}

// What `ip -o` says that is not configuration: indexes, namespace ids, and timers. The carrier's
// state is left out too: it follows its links with a delay.
var linkRewrites = []rewrite{
	{regexp.MustCompile(`^\d+: `), ""},
	{regexp.MustCompile(`@if\d+`), "@if"},
	{regexp.MustCompile(` link-netns(id)? \S+`), ""},
	{regexp.MustCompile(`([<,])(LOWER_UP|NO-CARRIER|M-DOWN),?`), "$1"},
	{regexp.MustCompile(`,>`), ">"},
	{regexp.MustCompile(` state \S+`), ""},
	{regexp.MustCompile(` (\w+_timer|root_port|root_path_cost) +\S+`), ""},
	{regexp.MustCompile(`\\\s*`), " "},
}

var addrRewrites = []rewrite{
	{regexp.MustCompile(`^\d+: `), ""},
	{regexp.MustCompile(`\\?\s+valid_lft \S+ preferred_lft \S+`), ""},
	{regexp.MustCompile(` tentative`), ""},
	{regexp.MustCompile(`\s+`), " "},
	// The kernel gives a link this address by itself, once its other end is up: later.
	{regexp.MustCompile(`^\S+ inet6 fe80::\S+ scope link.*$`), ""},
}

// A plugin may meet a device before or after the kernel numbered its default qdisc.
var qdiscRewrites = []rewrite{{regexp.MustCompile(` refcnt \d+`), ""}}

// Actions are numbered by the kernel in the order in which they were ever made.
var belowRewrites = []rewrite{{regexp.MustCompile(`index \d+ ref \d+ bind \d+`), "index"}}

func lines(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		if line = strings.TrimRight(line, " \n"); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// normalise rewrites every line, and leaves out those of which nothing remains.
func normalise(s string, list []rewrite) []string {
	var out []string
	for _, line := range lines(s) {
		if line = rewriteAll(line, list); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

func normaliseLinks(s string) []string  { return sorted(normalise(s, linkRewrites)) }
func normaliseAddrs(s string) []string  { return sorted(normalise(s, addrRewrites)) }
func normaliseQdiscs(s string) []string { return sorted(normalise(s, qdiscRewrites)) }

// normaliseBelow keeps the order: that of filters is of meaning.
func normaliseBelow(s string) []string { return normalise(s, belowRewrites) }

var qdiscLine = regexp.MustCompile(`^qdisc (\S+) ([0-9a-f]+:) dev (\S+)`)

// shownBelow returns the tc commands that list the classes and filters below the qdiscs of a
// `tc qdisc show`. A qdisc without a handle is a default one and has neither.
func shownBelow(qdiscs string) [][]string {
	var cmds [][]string
	classes := map[string]bool{}
	for _, line := range lines(qdiscs) {
		m := qdiscLine.FindStringSubmatch(line)
		if m == nil || m[2] == "0:" {
			continue
		}
		kind, handle, dev := m[1], m[2], m[3]
		switch kind {
		case "clsact":
			cmds = append(cmds, []string{"filter", "show", "dev", dev, "ingress"},
				[]string{"filter", "show", "dev", dev, "egress"})
		default:
			if !classes[dev] && kind != "ingress" {
				classes[dev] = true
				cmds = append(cmds, []string{"class", "show", "dev", dev})
			}
			cmds = append(cmds, []string{"filter", "show", "dev", dev, "parent", handle})
		}
	}
	return cmds
}

var counters = rewrite{regexp.MustCompile(`\[\d+:\d+\]`), ""}

// normaliseTables takes comments and counters out of an iptables-save, and tables that hold nothing
// but built-in chains that accept: looking at a table can make it, and it does nothing.
func normaliseTables(s string) []string {
	var out, table []string
	rules := false
	for _, line := range lines(s) {
		line = rewriteAll(line, []rewrite{counters})
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "*"):
			table, rules = []string{line}, false
		case line == "COMMIT":
			if rules {
				out = append(out, table...)
			}
		default:
			rules = rules || !strings.HasPrefix(line, ":") || !strings.HasSuffix(line, " ACCEPT")
			table = append(table, line)
		}
	}
	return out
}
