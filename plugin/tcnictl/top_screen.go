// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"tcni.dev/pkg/view"
)

// topScreen is what top shows.
type topScreen struct {
	width, height int
	sort          byte
	stopped       bool
	at            time.Time
	list          []view.Stats
	history       map[string][]float64 // bit/s of each class, the last reading last
}

// topHistory is how many readings a line shows.
const topHistory = 40

// press does what a key asks for; others do nothing.
func (t *topScreen) press(key byte) {
	if _, ok := topSorts[key]; ok {
		t.sort = key
	}
	if key == ' ' {
		t.stopped = !t.stopped
	}
}

func classKey(s view.Stats, d view.Direction, c view.Class) string {
	return s.Mark + " " + d.Direction + " " + c.Class
}

// remember adds the reading to the history. What is no more is forgotten.
func (t *topScreen) remember() {
	now := map[string][]float64{}
	for _, s := range t.list {
		for _, d := range s.Directions {
			for _, c := range d.Classes {
				key := classKey(s, d, c)
				h := append(t.history[key], rate(c.Counts, func(r *view.Rates) float64 { return r.Bits }))
				now[key] = h[max(0, len(h)-topHistory):]
			}
		}
	}
	t.history = now
}

// draw returns what makes the screen: each line is written over the one before,
// so that nothing flickers, and cut off at the screen's edge (ECMA-48: CUP, EL,
// ED).
func (t *topScreen) draw() string {
	var b strings.Builder
	b.WriteString("\x1b[H")
	lines := append(append([]string{t.title()}, ""), t.rows()...)
	for _, line := range lines[:min(len(lines), t.height-1)] {
		b.WriteString(cut(line, t.width) + "\x1b[K\n")
	}
	b.WriteString("\x1b[J")
	return b.String()
}

// title sums up: when, how many, how much.
func (t *topScreen) title() string {
	var bits [2]float64
	drops := 0.0
	for _, s := range t.list {
		for i, direction := range []string{"egress", "ingress"} {
			for _, d := range s.Directions {
				if d.Direction == direction && d.Total.Rates != nil {
					bits[i] += d.Total.Rates.Bits
					drops += d.Total.Rates.Drops
				}
			}
		}
	}
	state := ""
	if t.stopped {
		state = "  STOPPED"
	}
	return fmt.Sprintf("%s  attachments %d  egress %sbit/s  ingress %sbit/s  %.0f drops/s  by %s  [b d w space q]%s",
		t.at.Local().Format("15:04:05"), len(t.list), short(bits[0]), short(bits[1]), drops, topSorts[t.sort].name, state)
}

// rows is the table, what sorts highest first.
func (t *topScreen) rows() []string {
	type line struct {
		by    float64
		cells []string
	}
	var all []line
	for _, s := range t.list {
		for _, d := range s.Directions {
			for _, c := range d.Classes {
				r, n := rateCells(c.Rates), counts(c.Counts)
				all = append(all, line{topSorts[t.sort].by(c.Counts), []string{
					s.Name, d.Direction, strings.Join(c.Rules, ","), r[1], r[0], r[2], number(c.BacklogPackets), n[len(n)-1],
					sparkline(t.history[classKey(s, d, c)]),
				}})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(b.by, a.by) })
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tDIRECTION\tRULES\tBIT/S\tPACKETS/S\tDROPS/S\tWAITING\tQUEUE\tLAST READINGS")
	for _, l := range all[:min(len(all), max(t.height, 1))] {
		fmt.Fprintln(w, strings.Join(l.cells, "\t"))
	}
	_ = w.Flush() // to memory
	return strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
}

// cut cuts a line off at a width in characters.
func cut(line string, width int) string {
	if utf8.RuneCountInString(line) <= width {
		return strings.TrimRight(line, " ")
	}
	return string([]rune(line)[:width])
}

// sparkline draws numbers as blocks, the largest one full; nothing is a blank.
func sparkline(values []float64) string {
	levels := []rune("▁▂▃▄▅▆▇█")
	most := slices.Max(append([]float64{0}, values...))
	var b strings.Builder
	for _, v := range values {
		if v <= 0 {
			b.WriteRune(' ')
			continue
		}
		b.WriteRune(levels[int(v/most*float64(len(levels)-1))])
	}
	return b.String()
}
