// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"strings"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

// lifecycle is what happens to one pod in a round.
var lifecycle = []lab.Verb{lab.ADD, lab.CHECK, lab.DEL}

// processTargets bounds a rate in both directions, by the row it is divided by.
var processTargets = map[lab.Verb]struct{ reference, floor float64 }{
	lab.ADD: {0.75, 2.2},
	lab.DEL: {0.2, 0},
}

func processGroup() group {
	g := group{Group: report.Group{
		Title: "Whole process, a rate in both directions",
		Note:  "from before fork to reaped; what bandwidth's DEL leaves on the veth is removed untimed",
		Rows:  []*report.Row{{ID: "process/hello", Label: "static Go hello", Unit: report.Seconds}},
	}, measure: (*bench).process}
	for _, verb := range lifecycle {
		t := processTargets[verb]
		g.Rows = append(g.Rows,
			processRow("process", verb, "bandwidth", "bandwidth v1.9.1", 0, 0),
			processRow("process", verb, "tcni", "tcni", t.reference, t.floor),
			processRow("process", verb, "tcni-rules", "tcni, four rules with a rate each", 0, 0))
	}
	return g
}

// processRow is a row of a verb; it is compared with bandwidth and hello.
func processRow(group string, verb lab.Verb, name, label string, ofReference, ofFloor float64) *report.Row {
	lower := strings.ToLower(string(verb))
	row := &report.Row{ID: group + "/" + lower + "/" + name, Label: string(verb) + " " + label, Unit: report.Seconds}
	if name != "bandwidth" {
		row.Ratios = append(row.Ratios, report.Ratio{Of: group + "/" + lower + "/bandwidth", Name: "bandwidth", Max: ofReference})
	}
	row.Ratios = append(row.Ratios, report.Ratio{Of: group + "/hello", Name: "hello", Max: ofFloor})
	return row
}

// rowID names the row of an entry's verb.
func rowID(group, name string) func(lab.Verb) string {
	return func(v lab.Verb) string { return group + "/" + strings.ToLower(string(v)) + "/" + name }
}

func (b *bench) process(g *report.Group) error {
	hello, err := b.hello()
	return b.turns(b.rounds(200, 10),
		program(g.Row("process/hello"), hello, err),
		b.verbs(referenceRate, "bandwidth", g, rowID("process", "bandwidth"), lifecycle...),
		b.verbs(oursRate, "rate", g, rowID("process", "tcni"), lifecycle...),
		b.verbs(bothWays(fourRates), "rules", g, rowID("process", "tcni-rules"), lifecycle...),
	)
}
