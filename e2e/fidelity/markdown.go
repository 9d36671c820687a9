// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	_ "embed"
	"fmt"
	"strings"
)

// limits says what cannot be measured in emulation.
//
//go:embed limits.md
var limits string

// Markdown is the report as tables.
func Markdown(reports []*Report) string {
	var b strings.Builder
	b.WriteString("# Fidelity\n\nWhat was asked for, what tcni did, and what plain netem did that was installed as root qdisc with the same parameters: real traffic through real attachments, measured one after the other in the same guest, plain netem with half as many packets.\n\n")
	b.WriteString(Summary(reports))
	for _, r := range reports {
		r.markdown(&b)
	}
	b.WriteString("\n" + limits)
	return b.String()
}

func (r Report) markdown(b *strings.Builder) {
	cases, repeated, wrong := 0, 0, 0
	for _, f := range r.Families {
		for _, c := range f.Cases {
			cases++
			if c.First != nil {
				repeated++
			}
			if !c.TCNI.OK() {
				wrong++
			}
		}
	}
	fmt.Fprintf(b, "\n## Linux %s\n\n%d cases, %d measured a second time, %d not as asked.\n", r.Kernel, cases, repeated, wrong)
	if r.Quick {
		b.WriteString("A quick run: a tenth of the packets, wider intervals.\n")
	}
	for _, f := range r.Families {
		fmt.Fprintf(b, "\n### %s\n\n%s\n\n| case | words | quantity | asked | tcni | plain netem | verdict |\n|---|---|---|---|---|---|---|\n", f.Name, f.About)
		for _, c := range f.Cases {
			c.markdown(b)
		}
		fmt.Fprintf(b, "\n![%s, measured and asked](%s)\n", f.Name, forestFile(r.Kernel, f.Name))
		if hasPlot(f) {
			fmt.Fprintf(b, "\n![%s](%s)\n", f.Name, plotFile(r.Kernel, f.Name))
		}
		if s := f.highest(); s != "" {
			fmt.Fprintf(b, "\n%s\n", s)
		}
		f.notes(b)
	}
}

// markdown prints a line for each reading; the first has the case's name.
func (c CaseReport) markdown(b *strings.Builder) {
	name, words := c.Name, "`"+shortened(cell(c.Words), 240)+"`"
	if c.TCNI.Error != "" {
		verdict := "**error**"
		if c.TCNI.Refused {
			verdict = "ok: a clear refusal"
		}
		fmt.Fprintf(b, "| %s | %s | | | %s | %s | %s |\n", name, words, cell(c.TCNI.Error), c.netemText(""), verdict)
		return
	}
	for _, r := range c.TCNI.Readings {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s |\n", name, words, r.Metric, r.askedText(), r.valueText(), c.netemText(r.Metric), c.verdict(r))
		name, words = "", ""
	}
}

func (c CaseReport) verdict(r Reading) string {
	switch {
	case r.Shown != "":
		return "shown only: " + r.Shown
	case r.Info:
		return "shown only"
	case !r.OK() && r.Known != "":
		return "known"
	case !r.OK():
		return "**off**"
	case c.First != nil:
		return "ok, repeated"
	}
	return "ok"
}

// netemText is plain netem's reading of a metric. Where netem has no words for
// the shape, there is none.
func (c CaseReport) netemText(metric string) string {
	switch {
	case c.Netem == nil:
		return "not measured"
	case c.Netem.Error != "":
		return cell(c.Netem.Error)
	}
	for _, r := range c.Netem.Readings {
		if r.Metric == metric {
			if r.OK() || r.Info {
				return r.valueText()
			}
			return r.valueText() + " ✗"
		}
	}
	return ""
}

// shortened is the beginning of what is too long for its place.
func shortened(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// cell is text that fits into a table.
func cell(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "|", `\|`)), " ")
}

// notes lists what the tables have no room for.
func (f FamilyReport) notes(b *strings.Builder) {
	sep := "\n"
	for _, c := range f.Cases {
		for _, r := range c.TCNI.Readings {
			if !r.OK() && r.Known != "" {
				fmt.Fprintf(b, "%s- %s, %s: %s.\n", sep, c.Name, r.Metric, r.Known)
				sep = ""
			}
		}
		if c.First != nil {
			fmt.Fprintf(b, "%s- %s (`%s`), first measurement: %s.\n", sep, c.Name, c.Words, c.First.text())
			sep = ""
		}
		if c.TCNI.Said != "" {
			fmt.Fprintf(b, "%s- %s: the plugin said: %s\n", sep, c.Name, cell(c.TCNI.Said))
			sep = ""
		}
	}
}
