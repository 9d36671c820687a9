// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

// told is a report of the story in which everything is as asked.
func told() Report {
	r := Report{
		Tree:       []string{"tc qdisc add dev eth0 root handle 7c00: htb default 0x3 r2q 10 direct_qlen 1000"},
		Statistics: []string{"Sent 1 bytes 1 pkt (dropped 0, overlimits 0 requeues 0)"},
		WrongValue: "no such word",
		Counts:     []Count{{"links", 7, 9, 7}},
	}
	as := func(a Asked) Direction {
		d := Direction{Delay: uniform(a.Delay, a.Jitter), Sent: 2000, UDP: freeOffer, TCP: 1.2345e9}
		if a.Rate > 0 {
			d.UDP, d.TCP = a.Rate, a.Rate
		}
		d.Lost = int(a.Loss * 2000)
		d.Loss = measure.Binomial(d.Lost, d.Sent, confidence)
		return d
	}
	for _, c := range story {
		d := Done{Case: c, Trips: map[string][]time.Duration{}}
		for _, p := range c.Paths {
			rtt := steady(p.Egress.Delay + p.Ingress.Delay)
			rtt.N = pings
			m := Measured{Path: p, RTT: rtt, Egress: as(p.Egress)}
			if !p.OneWay {
				back := as(p.Ingress)
				m.Ingress = &back
			}
			d.Paths = append(d.Paths, m)
		}
		for i := range pings {
			d.Trips["payments"] = append(d.Trips["payments"], d.Paths[0].RTT.Median)
			d.Trips["catalogue"] = append(d.Trips["catalogue"], time.Duration(i)*ms/100)
		}
		r.Cases = append(r.Cases, d)
	}
	return r
}

func TestTable(t *testing.T) {
	r := told()
	r.Cases[1].Paths[0].Egress.UDP = 30e6
	got := table(r.Cases[1:2])
	want := []string{
		"                     RTT, ms     one way, ms             loss, %              Mbit/s",
		"   path              want   got  want               got  want            got  want   UDP   TCP",
		"1  shop → payments     40  40.0  40±5  40.0 (35.0…45.0)     1  1.0 (0.4…2.2)    20  30.0  20.0  ✗",
		"   shop ← payments                  –              0.00     –  0.0 (0.0…0.5)     –  45.0  1234  ✓",
		"   plain → payments     –  0.00     –              0.00     –  0.0 (0.0…0.5)     –  45.0  1234  ✓",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestChart(t *testing.T) {
	r := told()
	r.Cases[1].Trips["payments"] = r.Cases[1].Trips["payments"][:15] // the rest was lost
	want := []string{
		"Round trips of the shop, ms:  ─── payments  ··· catalogue",
		" 100 ┤                                                           ╭───────────────────",
		"  80 ┤                                       ╶───────────────────╯",
		"  60 ┤",
		"  40 ┤                   ╭──────────────╴",
		"  20 ┤                   │",
		"   0 ┼───────────────────╯···························································",
		"      │1 clean            │2 egress           │3 both             │4 one",
	}
	if diff := cmp.Diff(want, chart(r.Cases)); diff != "" {
		t.Error(diff)
	}
}

// TestText holds the whole to the width and length of a page, without colour.
func TestText(t *testing.T) {
	var b strings.Builder
	text := Text{W: &b}
	r := told()
	text.Begin("6.1.0-56-amd64", true)
	for i, d := range r.Cases {
		text.Case(i+1, d.Case)
		text.Measured(d)
	}
	text.End(r)
	lines := strings.Split(b.String(), "\n")
	for _, line := range lines {
		if n := utf8.RuneCountInString(line); n > 100 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Error("colour where there shall be none")
	}
	for _, want := range []string{conflist[:20], "  tcni.dev/egress: |\n     rules:\n", "7           9           7", "no difference"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("nothing says %q", want)
		}
	}
}

func TestColor(t *testing.T) {
	text := Text{Color: true}
	if got, want := text.marks("a ✓"), "a \x1b[32m✓\x1b[0m"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWrap(t *testing.T) {
	got := wrap("tc qdisc add dev eth0 handle 1: htb", 16, " \\", "    ")
	if want := "tc qdisc add \\\n    dev eth0 \\\n    handle 1: \\\n    htb"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNetemOf(t *testing.T) {
	in := `qdisc htb 7c00: root refcnt 2 r2q 10 default 0x3
 Sent 900 bytes 9 pkt (dropped 0, overlimits 0 requeues 0)
qdisc netem 1010: parent 3010:1 limit 29127 delay 100ms
 Sent 100 bytes 1 pkt (dropped 2, overlimits 0 requeues 0)
 backlog 0b 0p requeues 0
`
	want := []string{"Sent 100 bytes 1 pkt (dropped 2, overlimits 0 requeues 0)"}
	if diff := cmp.Diff(want, netemOf(in)); diff != "" {
		t.Error(diff)
	}
}

func TestCounts(t *testing.T) {
	before := lab.Snapshot{{Name: "node: ip link", Lines: []string{"a"}}, {Name: "shop: ip link", Lines: []string{"lo"}}}
	shaped := append(before,
		lab.Section{Name: "shop: tc class show dev eth0", Lines: []string{"c", "d"}},
		lab.Section{Name: "shop: tc filter show dev eth0 parent 1:", Lines: []string{"f"}},
		lab.Section{Name: "node: /run/tcni", Lines: []string{"x"}})
	want := []Count{
		{"links", 2, 2, 2}, {"qdiscs", 0, 0, 0}, {"classes and filters", 0, 3, 0},
		{"iptables rules", 0, 0, 0}, {"files in /run/tcni", 0, 1, 0},
	}
	if diff := cmp.Diff(want, counts(before, shaped, before)); diff != "" {
		t.Error(diff)
	}
}
