// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tcni.dev/pkg/view"
)

func TestSparkline(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   string
	}{
		{nil, ""},
		{[]float64{0, 0}, "  "},
		{[]float64{0, 1, 4, 8, 2}, " ▁▄█▂"},
		{[]float64{1e9}, "█"},
	} {
		if got := sparkline(c.values); got != c.want {
			t.Errorf("%v: %q, want %q", c.values, got, c.want)
		}
	}
}

// topReading is one of two classes.
func topReading(bits, drops float64) []view.Stats {
	class := func(handle, rule string, bits, drops float64, waiting uint64) view.Class {
		return view.Class{Class: handle, Rules: []string{rule}, Counts: view.Counts{
			BacklogPackets: waiting, BacklogBytes: waiting * 100, QueueDelay: 0.002, Rates: &view.Rates{Packets: bits / 800, Bits: bits, Drops: drops},
		}}
	}
	return []view.Stats{{Name: "default/web", Mark: "m", Directions: []view.Direction{{
		Direction: "egress", Total: view.Counts{Rates: &view.Rates{Bits: bits, Drops: drops}},
		Classes: []view.Class{class("7c00:3", "default", bits/4, 0, 7), class("7c00:10", "payments", bits*3/4, drops, 1)},
	}}}}
}

func TestTopScreen(t *testing.T) {
	at := time.Date(2024, 5, 1, 12, 0, 0, 0, time.Local)
	screen := topScreen{width: 120, height: 6, sort: 'b', at: at, history: map[string][]float64{}}
	for _, bits := range []float64{400_000, 800_000, 1_600_000} {
		screen.list = topReading(bits, 3)
		screen.remember()
	}
	want := `12:00:00  attachments 1  egress 1.6Mbit/s  ingress 0bit/s  3 drops/s  by bit/s  [b d w space q]

NAME         DIRECTION  RULES     BIT/S  PACKETS/S  DROPS/S  WAITING  QUEUE  LAST READINGS
default/web  egress     payments  1.2M   1500       3        1        2ms    ▂▄█
default/web  egress     default   400k   500        0        7        2ms    ▂▄█
`
	if diff := cmp.Diff(want, plain(screen.draw())); diff != "" {
		t.Error(diff)
	}
	screen.press('w')
	if rows := screen.rows(); !strings.Contains(rows[1], "default  ") {
		t.Errorf("by what waits: %q", rows)
	}
	screen.press(' ')
	if !strings.HasSuffix(screen.title(), "STOPPED") {
		t.Error(screen.title())
	}
	screen.width, screen.height = 20, 4
	for line := range strings.Lines(plain(screen.draw())) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 20 {
			t.Errorf("%d characters: %q", n, line)
		}
	}
	if n := strings.Count(screen.draw(), "\n"); n != 3 {
		t.Errorf("%d lines on a screen of 4", n)
	}
	screen.list = nil
	screen.remember()
	if len(screen.history) > 0 {
		t.Errorf("what has gone is remembered: %v", screen.history)
	}
}

// plain is text without what moves the cursor and erases.
func plain(s string) string {
	return strings.NewReplacer("\x1b[H", "", "\x1b[K", "", "\x1b[J", "").Replace(s)
}
