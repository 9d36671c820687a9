// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"fmt"
	"strings"
)

// headlines are the readings that a page about tcni shows, of all kernels side
// by side.
var headlines = []struct{ family, name, words, metric string }{
	{"delay", "UDP IPv4", "delay 100ms", "median"},
	{"delay", "UDP IPv4", "delay 100ms", "worst"},
	{"jitter", "uniform, 80 packets/s", "delay 50ms 5ms", "distribution"},
	{"jitter", "uniform, order kept, 5000 packets/s", "delay 50ms 5ms", "reordered"},
	{"loss", "UDP GSO 32×1200", "loss 1%", "loss"},
	{"loss", "UDP GSO 32×1200", "loss 1%", "mean burst"},
	{"loss", "TCP", "loss 1%", "loss"},
	{"loss", "UDP GSO in bursts", "loss 1% burst 10", "loss"},
	{"loss", "UDP GSO in bursts", "loss 1% burst 10", "mean burst"},
	{"loss", "UDP, correlation", "loss 1% 25%", "loss"},
	{"mangle", "duplication, UDP GSO", "duplicate 1%", "duplicated"},
	{"mangle", "corruption, UDP GSO at the receiver", "corrupt 2%", "refused for the checksum"},
	{"mangle", "corruption, TCP at the receiver", "corrupt 2%", "refused for the checksum"},
	{"mangle", "reordering, UDP GSO", "delay 10ms reorder 25%", "sent at once"},
	{"rate", "TCP", "rate 1mbit", "rate"},
	{"rate", "TCP", "rate 10mbit", "rate"},
	{"rate", "TCP", "rate 100mbit", "rate"},
	{"rate", "TCP", "rate 250mbit", "rate"},
	{"rate", "TCP, MTU 9000", "rate 500mbit", "rate"},
	{"queue", "buffer of 100 ms", "rate 10mbit buffer 100ms", "worst delay"},
	{"queue", "3000 packets at once", "delay 100ms", "lost"},
	{"change", "shorter delay: to delay 20ms", "delay 50ms", "lost"},
	{"change", "shorter delay: to delay 20ms", "delay 50ms", "reordered"},
	{"change", "rate and delay to rate: to rate 20mbit", "rate 50mbit delay 20ms", "lost"},
}

// Summary is a table of a few readings, for each kernel tcni's and plain netem's.
func Summary(reports []*Report) string {
	var b strings.Builder
	b.WriteString("| asked | traffic | quantity | right is |")
	for _, r := range reports {
		fmt.Fprintf(&b, " tcni, %s | plain netem, %[1]s |", r.version())
	}
	b.WriteString("\n|---|---|---|---|" + strings.Repeat("---|---|", len(reports)) + "\n")
	for _, h := range headlines {
		row, asked := "", ""
		for _, r := range reports {
			c, reading := r.find(h.family, h.name, h.words, h.metric)
			if c == nil {
				row += " | |"
				continue
			}
			asked = reading.askedText()
			row += fmt.Sprintf(" %s | %s |", reading.valueText(), c.netemText(h.metric))
		}
		if asked != "" {
			traffic, _, _ := strings.Cut(h.name, ": to ")
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |%s\n", h.words, traffic, h.metric, asked, row)
		}
	}
	return b.String()
}

// version is the kernel's, without what its packagers add.
func (r Report) version() string {
	version, _, _ := strings.Cut(r.Kernel, "+")
	version, _, _ = strings.Cut(version, "-")
	return "Linux " + version
}

// find returns a case and tcni's reading of one metric; nil if the run did not
// have it.
func (r Report) find(family, name, words, metric string) (*CaseReport, Reading) {
	for _, f := range r.Families {
		for i := range f.Cases {
			c := &f.Cases[i]
			if f.Name != family || c.Name != name || c.Words != words {
				continue
			}
			for _, reading := range c.TCNI.Readings {
				if reading.Metric == metric {
					return c, reading
				}
			}
		}
	}
	return nil, Reading{}
}
