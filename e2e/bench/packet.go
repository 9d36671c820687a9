// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"strconv"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

// classifier is a way to tell packets apart that the planner offers.
type classifier struct {
	name string
	keys lab.Conf // what asks for it
	// kind of the filters, as tc shows them; empty: whatever the planner takes.
	kind string
	// flat is the target of the packet of the most rules by that of the fewest.
	flat float64
}

// classifiers lists them; the first is the planner's own choice.
var classifiers = []classifier{
	{"chosen", nil, "", 1.15},
	{"u32", lab.Conf{"classifier": "u32"}, "u32", 0},
	{"bpf", lab.Conf{"classifier": "bpf"}, "bpf", 0},
}

// packetPanel is the title of the plot.
const packetPanel = "Cost of a packet"

func packetGroup() group {
	g := group{Group: report.Group{
		Title: "A packet",
		Note:  "UDP, 64 bytes, sendmmsg through a veth, sent and received on one CPU; it matches the last rule",
		Rows: []*report.Row{
			{ID: "packet/none", Label: "no qdisc", Unit: report.PerPacket, Point: &report.Point{Panel: packetPanel, Series: "no qdisc"}},
			{ID: "packet/htb", Label: "bare HTB", Unit: report.PerPacket, Point: &report.Point{Panel: packetPanel, Series: "bare HTB"}},
		},
	}, measure: (*bench).packets}
	for _, c := range classifiers {
		for _, n := range ruleCounts {
			row := &report.Row{
				ID: c.rowID(n), Label: fmt.Sprintf("%s, %d rules", c.name, n), Unit: report.PerPacket,
				Ratios: []report.Ratio{{Of: "packet/htb", Name: "bare HTB"}},
				Point:  &report.Point{Panel: packetPanel, Series: c.name, Rules: n},
			}
			if fewest := ruleCounts[0]; n != fewest {
				row.Ratios = append(row.Ratios, report.Ratio{Of: c.rowID(fewest), Name: fmt.Sprintf("%d rules", fewest)})
			}
			if n == ruleCounts[len(ruleCounts)-1] {
				row.Ratios[1].Max = c.flat
			}
			g.Rows = append(g.Rows, row)
		}
	}
	return g
}

func (c classifier) rowID(n int) string { return "packet/" + c.name + "/" + strconv.Itoa(n) }

// packets sends a burst through every lane in every round.
func (b *bench) packets(g *report.Group) error {
	lanes := []*lane{
		b.newLane(g.Row("packet/none"), func(*lane) error { return nil }, 0),
		b.newLane(g.Row("packet/htb"), b.bareHTB, 0),
	}
	for _, c := range classifiers {
		for _, n := range ruleCounts {
			lanes = append(lanes, b.newLane(g.Row(c.rowID(n)), func(l *lane) error { return b.shape(l, c, n) }, n-1))
		}
	}
	return b.race(lanes, b.rounds(400, 20))
}
