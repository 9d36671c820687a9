// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"strconv"
	"time"

	"tcni.dev/e2e/measure"
)

var columns = []column{
	{"", "", true}, {"", "path", true},
	{"RTT, ms", "want", false}, {"", "got", false},
	{"one way, ms", "want", false}, {"", "got", false},
	{"loss, %", "want", false}, {"", "got", false},
	{"Mbit/s", "want", false}, {"", "UDP", false}, {"", "TCP", false},
	{"", "", true},
}

// table has a line for each direction of each path, below two of headings.
func table(cases []Done) []string {
	var rows [][]string
	for i, c := range cases {
		name := strconv.Itoa(i + 1)
		for _, m := range c.Paths {
			rows = append(rows, append([]string{name}, m.row()...))
			if m.Ingress != nil {
				rows = append(rows, append([]string{""}, m.rowBack()...))
			}
			name = ""
		}
	}
	return layOut(columns, rows)
}

func (m Measured) row() []string {
	asked := m.Path.Egress.Delay + m.Path.Ingress.Delay
	cells := []string{m.Container + " → " + m.Service, askedMillis(asked), millis(m.RTT.Median)}
	ok := holdAll(m.bounds())
	return append(cells, m.Egress.cells(m.Path.Egress, ok)...)
}

func (m Measured) rowBack() []string {
	cells := []string{m.Container + " ← " + m.Service, "", ""}
	return append(cells, m.Ingress.cells(m.Path.Ingress, true)...)
}

func (d Direction) cells(asked Asked, ok bool) []string {
	delay := askedMillis(asked.Delay)
	if asked.Jitter > 0 {
		delay += "±" + askedMillis(asked.Jitter)
	}
	return []string{
		delay, summary(d.Delay),
		askedNumber(asked.Loss * 100), interval(d.Lost, d.Sent, d.Loss),
		askedNumber(asked.Rate / 1e6), number(d.UDP / 1e6), number(d.TCP / 1e6),
		mark(ok && holdAll(d.bounds(asked))),
	}
}

func mark(ok bool) string {
	if ok {
		return "✓"
	}
	return "✗"
}

func holdAll(bs []bound) bool {
	for _, b := range bs {
		if !b.holds() {
			return false
		}
	}
	return true
}

// summary is the median, and the range of all where that is worth a word.
func summary(s measure.Summary[time.Duration]) string {
	if s.Max < ms {
		return millis(s.Median)
	}
	return fmt.Sprintf("%s (%s…%s)", millis(s.Median), millis(s.Min), millis(s.Max))
}

func interval(lost, sent int, in measure.Interval) string {
	return fmt.Sprintf("%.1f (%.1f…%.1f)", 100*float64(lost)/float64(max(sent, 1)), 100*in.Low, 100*in.High)
}

// millis has as many digits as the eye needs: 0.02, 40.1, 100.
func millis(d time.Duration) string {
	digits := 1
	switch v := inMS(d); {
	case v < 1:
		digits = 2
	case v >= 99.95:
		digits = 0
	}
	return strconv.FormatFloat(inMS(d), 'f', digits, 64)
}

// What is not asked for is a dash.
func askedMillis(d time.Duration) string { return askedNumber(inMS(d)) }

func askedNumber(v float64) string {
	if v == 0 {
		return "–"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func number(v float64) string {
	switch {
	case v == 0:
		return "–"
	case v < 100:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 0, 64)
}
