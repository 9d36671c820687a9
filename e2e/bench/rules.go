// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"strconv"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

// rulesTargets bounds ADD with so many rules in each direction, in seconds.
var rulesTargets = map[int]float64{1000: 0.030, 5000: 0.150}

func rulesGroup() group {
	g := group{Group: report.Group{
		Title: "ADD and DEL with rules in each direction",
		Note:  "a rate, and destinations that are excepted from it; the classifier is the planner's choice",
	}, measure: (*bench).rules}
	for _, verb := range []lab.Verb{lab.ADD, lab.DEL} {
		for _, n := range ruleCounts {
			row := &report.Row{ID: rowID("rules", strconv.Itoa(n))(verb), Label: fmt.Sprintf("%s %d rules", verb, n), Unit: report.Seconds}
			if verb == lab.ADD {
				row.Max = rulesTargets[n]
				row.Point = &report.Point{Panel: "ADD, whole process", Series: "tcni", Rules: n}
			}
			g.Rows = append(g.Rows, row)
		}
	}
	return g
}

// oursRules is n rules in both directions.
func oursRules(n int) entry {
	e := bothWays(func() lab.Conf { return manyRules(n, "20mbit") })
	e.keys["policy"] = lab.Conf{"maxRules": maxRules}
	return e
}

func (b *bench) rules(g *report.Group) error {
	var all []*contender
	for _, n := range ruleCounts {
		name := strconv.Itoa(n)
		all = append(all, b.verbs(oursRules(n), "n"+name, g, rowID("rules", name), lab.ADD, lab.DEL))
	}
	return b.turns(b.rounds(40, 4), all...)
}
