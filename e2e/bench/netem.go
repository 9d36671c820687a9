// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

// netemGroup is what a process takes that makes netems.
func netemGroup() group {
	g := group{Group: report.Group{
		Title: "Whole process, with netem",
		Rows:  []*report.Row{{ID: "netem/hello", Label: "static Go hello", Unit: report.Seconds}},
	}, measure: (*bench).netem, netem: true}
	for _, verb := range lifecycle {
		bound := map[lab.Verb]float64{lab.ADD: 1}[verb]
		g.Rows = append(g.Rows,
			processRow("netem", verb, "bandwidth", "bandwidth v1.9.1, a rate", 0, 0),
			processRow("netem", verb, "tcni", "tcni, a rate", 0, 0),
			processRow("netem", verb, "tcni-netem", "tcni, four rules and netem", bound, 0))
	}
	return g
}

// netemRounds returns how often the group is repeated: a clock that counts
// instructions needs less, and an emulated machine takes longer.
func (b *bench) netemRounds() (full, quick int) {
	if b.guest {
		return 12, 3
	}
	return 100, 5
}

func (b *bench) netem(g *report.Group) error {
	hello, err := b.hello()
	return b.turns(b.rounds(b.netemRounds()),
		program(g.Row("netem/hello"), hello, err),
		b.verbs(referenceRate, "bandwidth", g, rowID("netem", "bandwidth"), lifecycle...),
		b.verbs(oursRate, "rate", g, rowID("netem", "tcni"), lifecycle...),
		b.verbs(bothWays(fourNetems), "netem", g, rowID("netem", "tcni-netem"), lifecycle...),
	)
}
