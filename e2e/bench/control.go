// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

// controlTarget bounds a verb of tcnictl that looks at all attachments, in
// seconds.
const controlTarget = 0.2

// control are those verbs.
var control = []string{"list", "stats"}

func controlGroup() group {
	g := group{Group: report.Group{
		Title: fmt.Sprintf("tcnictl on a node with %d attachments", attachments),
		Note:  "a container and a rate in both directions each",
	}, measure: (*bench).control}
	for _, verb := range control {
		g.Rows = append(g.Rows, &report.Row{ID: "control/" + verb, Label: "tcnictl " + verb, Unit: report.Seconds, Max: controlTarget})
	}
	return g
}

func (b *bench) control(g *report.Group) error {
	for i := range attachments {
		p, err := newPod(b.lab, fmt.Sprintf("c%d", i))
		if err == nil {
			err = b.lab.Node.Do(func() error { return b.once(oursRate, lab.ADD, p) })
		}
		if err == nil {
			err = b.ctx.Err()
		}
		if err != nil {
			return err
		}
	}
	var all []*contender
	for _, verb := range control {
		c, err := b.keep(newCall(nil, nil, b.path(companion), verb))
		all = append(all, program(g.Row("control/"+verb), c, err))
	}
	return b.turns(b.rounds(20, 3), all...)
}

// playTarget bounds how late a change of tcnictl play may be by itself, seconds.
const playTarget = 0.005

// playRows are what BenchmarkPlay says, by the row's ID.
var playRows = map[string]*regexp.Regexp{
	"play/late": regexp.MustCompile(`([\d.]+) max-ms-late`),
	"play/own":  regexp.MustCompile(`([\d.]+) max-ms-itself`),
}

func playGroup() group {
	return group{Group: report.Group{
		Title: "tcnictl play, 100 steps a second on ten attachments: the latest change",
		Note:  "beside beats of higher priority on every processor and on RTNL, which show when neither was to be had",
		Rows: []*report.Row{
			{ID: "play/late", Label: "late", Unit: report.Seconds},
			{ID: "play/own", Label: "late while the machine was not", Unit: report.Seconds, Max: playTarget},
		},
	}, measure: (*bench).play}
}

func (b *bench) play(g *report.Group) error {
	lasts := time.Duration(b.times(20, 4)) * time.Second
	env := append(os.Environ(), "TCNI_BENCH=1", "TCNI_PLAY_FOR="+lasts.String())
	out, err := b.goBench("plugin/tcnictl", env, "-bench", "^BenchmarkPlay$", "-benchtime", "1x")
	if err != nil {
		return err
	}
	for id, metric := range playRows {
		m := metric.FindStringSubmatch(out)
		if m == nil {
			return fmt.Errorf("BenchmarkPlay does not tell %v: %s", metric, out)
		}
		ms, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			return err
		}
		g.Row(id).Add(ms / 1e3)
	}
	return nil
}
