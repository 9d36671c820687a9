// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"io"
	"strings"
)

// Text writes the story as text of at most 100 columns.
type Text struct {
	W     io.Writer
	Color bool
}

const picture = `
    shop   10.88.0.x ──┐          ┌── payments   10.0.5.10
                       ├── node ──┤
    plain  10.88.0.x ──┘          └── catalogue  10.0.6.10
`

// Begin says where all of this happens.
func (t Text) Begin(kernel string, emulated bool) {
	where := "this machine's own"
	if emulated {
		where = "in an emulated virtual machine whose clock counts instructions"
	}
	t.line(t.bold("tcni: from a conflist and an annotation to the kernel and back"))
	t.line("Every figure below was measured in this run, on Linux %s,\n%s.", kernel, where)
	fmt.Fprint(t.W, picture)
}

// Case says what is asked for, as a user writes it.
func (t Text) Case(number int, c Case) {
	t.heading(number, c.Title)
	if number == 1 {
		t.indented(conflist)
	}
	for _, a := range c.Annotations {
		t.indented(a.yaml())
	}
}

// yaml is the annotation as it stands in a pod's metadata.
func (a Annotation) yaml() string {
	if !strings.Contains(a.Value, "\n") {
		return fmt.Sprintf("%s: %q", a.Key, a.Value)
	}
	return a.Key + ": |\n  " + strings.ReplaceAll(a.Value, "\n", "\n  ")
}

// Measured says in a sentence for each of the shop's paths what came of it.
func (t Text) Measured(d Done) {
	for _, m := range d.Paths {
		if m.Container != shop {
			continue
		}
		s, tcp := "→ "+m.Service+" "+m.Egress.sentence(), number(m.Egress.TCP/1e6)
		if m.Ingress != nil {
			s += "; back " + m.Ingress.sentence()
			tcp += " and " + number(m.Ingress.TCP/1e6)
		}
		t.line("   %s; TCP %s Mbit/s", s, tcp)
	}
}

func (d Direction) sentence() string {
	return fmt.Sprintf("%s ms, %d of %d lost", millis(d.Delay.Median), d.Lost, d.Sent)
}

// End tells what cannot be told before everything is measured.
func (t Text) End(r Report) {
	n := len(story)
	t.heading(n+1, "Asked for and got")
	t.asked(r.Cases)
	t.heading(n+2, "What case 4 made of the shop's eth0, read back from the kernel")
	t.line("   # 7c00:1 is the link, :2 unshaped (ARP, neighbour discovery), :3 what no rule takes, :10 the rule")
	for _, line := range r.Tree {
		t.indented(wrap(line, width-3, " \\", "    "))
	}
	for _, s := range r.Statistics {
		t.line("   # its netem, as tc -s has it: %s", s)
	}
	t.heading(n+3, "A wrong value is refused, with the reason, and leaves nothing")
	t.indented(misspelt.yaml())
	t.line("%s", wrap("   → "+r.WrongValue, width, "", "     "))
	t.proof(r)
}

func (t Text) asked(cases []Done) {
	for i, line := range table(cases) {
		if i < 2 {
			line = t.bold(line)
		}
		t.line("%s", t.marks(line))
	}
	t.line("got: median (least…most) of the delay; loss (interval of %g %%); UDP offered at %g times the", 100*confidence, overload)
	t.line("rate or, where none is wanted, %g Mbit/s; TCP, which slows down where packets are lost.\n", freeOffer/1e6)
	for _, line := range chart(cases) {
		t.line("%s", line)
	}
}

// marks colours the table's last column.
func (t Text) marks(line string) string {
	return strings.NewReplacer(mark(true), t.green(mark(true)), mark(false), t.red(mark(false))).Replace(line)
}

func (t Text) proof(r Report) {
	t.heading(len(story)+4, "DEL leaves the node as it was")
	t.line("   %-24s%12s%12s%12s", "", "before", "in case 4", "after")
	for _, c := range r.Counts {
		t.line("   %-24s%12d%12d%12d", c.What, c.Before, c.Shaped, c.After)
	}
	if r.Left == "" {
		t.line("   Line by line, before the first ADD and after the last of %d DELs: %s.", len(story)+1, t.green("no difference"))
		return
	}
	t.line("   %s", t.red("Left behind:"))
	t.indented(r.Left)
}

// Failures says what is outside of its bounds.
func (t Text) Failures(r Report) {
	for _, f := range r.Failures {
		t.line("%s %s", t.red("demo: not as asked:"), f)
	}
}

func (t Text) heading(number int, title string) {
	t.line("\n%s", t.bold(fmt.Sprintf("%d  %s", number, title)))
}

func (t Text) indented(text string) {
	for line := range strings.Lines(text) {
		t.line("   %s", strings.TrimSuffix(line, "\n"))
	}
}

// line ignores errors of writing: a reader that has gone needs no report.
func (t Text) line(format string, args ...any) { fmt.Fprintf(t.W, format+"\n", args...) }

func (t Text) bold(s string) string  { return t.style("1", s) }
func (t Text) red(s string) string   { return t.style("31", s) }
func (t Text) green(s string) string { return t.style("32", s) }

func (t Text) style(code, s string) string {
	if !t.Color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
