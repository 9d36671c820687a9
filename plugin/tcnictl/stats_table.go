// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"tcni.dev/pkg/view"
)

func (p *process) printStats(form string, list []view.Stats, again bool) error {
	switch {
	case form == "json" && again:
		return p.encodeLine(list)
	case form == "json", form == "yaml":
		return p.encode(form, list)
	case again && p.interactive(p.out):
		fmt.Fprint(p.out, clearScreen)
	}
	if err := p.table(statsRows(list, form == "wide", again), nil); err != nil {
		return err
	}
	p.tellNone(len(list), false)
	_, err := io.WriteString(p.out, statsNotes(list))
	return err
}

// clearScreen goes to the corner and clears what is there (ECMA-48, CUP, ED).
const clearScreen = "\x1b[H\x1b[2J"

func statsRows(list []view.Stats, wide, rates bool) [][]string {
	title := []string{"NAME", "INTERFACE", "DIRECTION", "RULES", "CAME", "PACKETS", "BYTES", "LOST", "FULL", "WAITING", "QUEUE"}
	if rates {
		title = append(title, "PACKETS/S", "BIT/S", "DROPS/S")
	}
	if wide {
		title = append(title, "CLASS", "DEVICE", "DUPLICATED", "CORRUPTED", "REORDERED")
	}
	rows := [][]string{title}
	for _, s := range list {
		if s.Error != "" {
			row := []string{s.Name, or(s.IfName), "-", "!"}
			rows = append(rows, append(row, slices.Repeat([]string{"-"}, len(title)-len(row))...))
		}
		for _, d := range s.Directions {
			for _, c := range d.Classes {
				row := append([]string{s.Name, s.IfName, d.Direction, ruleCell(d, c)}, counts(c.Counts)...)
				if rates {
					row = append(row, rateCells(c.Rates)...)
				}
				if wide {
					row = append(append(row, c.Class, d.Device), netemCells(c.Netem)...)
				}
				rows = append(rows, row)
				for _, r := range ofClass(d, c) {
					if len(c.Rules) > 1 && r.Exact() {
						part := []string{s.Name, s.IfName, d.Direction, "  " + r.Rule, number(r.Packets)}
						rows = append(rows, append(part, make([]string, len(title)-len(part))...)) // empty cells keep the columns
					}
				}
			}
		}
	}
	return rows
}

func counts(c view.Counts) []string {
	return []string{
		number(c.Offered()), number(c.Packets), number(c.Bytes), number(c.Drops.Loss), number(c.Drops.Queue + c.Drops.Buffer), number(c.BacklogPackets),
		time.Duration(c.QueueDelay * float64(time.Second)).Round(10 * time.Microsecond).String(),
	}
}

func rateCells(r *view.Rates) []string {
	if r == nil {
		return []string{"-", "-", "-"}
	}
	return []string{strconv.FormatFloat(r.Packets, 'f', 0, 64), short(r.Bits), strconv.FormatFloat(r.Drops, 'f', 0, 64)}
}

func netemCells(n *view.Netem) []string {
	if n == nil {
		return []string{"-", "-", "-"}
	}
	return []string{number(n.Duplicated), number(n.Corrupted), number(n.Reordered)}
}

func number(n uint64) string { return strconv.FormatUint(n, 10) }

// short prints a number with three digits and a decimal prefix.
func short(v float64) string {
	prefixes := []string{"", "k", "M", "G", "T"}
	i := 0
	for v >= 1000 && i < len(prefixes)-1 {
		v /= 1000
		i++
	}
	return strconv.FormatFloat(v, 'g', 3, 64) + prefixes[i]
}

// ofClass lists the rules whose packets go to a class.
func ofClass(d view.Direction, c view.Class) (out []view.Rule) {
	for _, r := range d.Rules {
		if r.Class == c.Class {
			out = append(out, r)
		}
	}
	return out
}

// ruleCell names a class's rules, with a * where they are counted together.
func ruleCell(d view.Direction, c view.Class) string {
	text := strings.Join(c.Rules, ",")
	if sharedClass(d, c) {
		text += " *"
	}
	return text
}

// sharedClass tells whether nobody counts the rules of a class apart.
func sharedClass(d view.Direction, c view.Class) bool {
	return slices.ContainsFunc(ofClass(d, c), func(r view.Rule) bool { return !r.Exact() })
}

// statsNotes explain each ! and the *, if there are some.
func statsNotes(list []view.Stats) string {
	var b strings.Builder
	shared := false
	for _, s := range list {
		if s.Error != "" {
			fmt.Fprintf(&b, "! %s: %s\n", s.Name, s.Error)
		}
		for _, d := range s.Directions {
			shared = shared || slices.ContainsFunc(d.Classes, func(c view.Class) bool { return sharedClass(d, c) })
		}
	}
	if shared {
		b.WriteString("* counted together: they share a class, and this kernel's u32 does not count (\"classifier\": \"bpf\" does)\n")
	}
	return b.String()
}
