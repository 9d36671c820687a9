// SPDX-License-Identifier: Apache-2.0

package install

import (
	"fmt"
	"slices"
	"strings"
)

// Diff shows the changes as diff -u would. Of an executable it tells the sizes only.
func (c Changes) Diff() string {
	var b strings.Builder
	for _, ch := range c.list {
		if p := ch.program; p != nil {
			fmt.Fprintf(&b, "Binary file %s: %s, then %s\n", ch.path, size(p.was), size(p.now))
			continue
		}
		b.WriteString(unified(ch))
	}
	return b.String()
}

func size(n int64) string {
	if n < 0 {
		return "none"
	}
	return fmt.Sprintf("%d bytes", n)
}

// around is how many lines around a change are shown.
const around = 3

// unified prints one hunk from the first line that differs to the last one: what is put into a
// configuration, or taken out of it, is in one place.
func unified(ch change) string {
	was, now := lines(ch.was), lines(ch.now)
	same := 0
	for same < min(len(was), len(now)) && was[same] == now[same] {
		same++
	}
	tail := 0
	for tail < min(len(was), len(now))-same && was[len(was)-1-tail] == now[len(now)-1-tail] {
		tail++
	}
	from := max(0, same-around)
	shown := min(tail, around)
	wasEnd, nowEnd := len(was)-tail, len(now)-tail
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", fileName(ch.path, ch.was), fileName(ch.path, ch.now))
	fmt.Fprintf(&b, "@@ -%s +%s @@\n", hunk(from, wasEnd+shown, ch.was), hunk(from, nowEnd+shown, ch.now))
	for _, part := range []struct {
		sign  string
		lines []string
	}{{" ", was[from:same]}, {"-", was[same:wasEnd]}, {"+", now[same:nowEnd]}, {" ", was[wasEnd : wasEnd+shown]}} {
		for _, l := range part.lines {
			b.WriteString(part.sign + l)
			if !strings.HasSuffix(l, "\n") {
				b.WriteString("\n\\ No newline at end of file\n")
			}
		}
	}
	return b.String()
}

func lines(b []byte) []string { return slices.Collect(strings.Lines(string(b))) }

func fileName(path string, data []byte) string {
	if data == nil {
		return "/dev/null"
	}
	return path
}

// hunk is the place of lines from..to, as diff counts them.
func hunk(from, to int, data []byte) string {
	if len(data) == 0 {
		return "0,0"
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}
