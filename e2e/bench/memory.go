// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

// What we allow ourselves, in bytes.
const (
	maxMemory = 20e6
	maxBinary = 8e6
)

// memoryRows are the ADDs whose memory is measured.
var memoryRows = []struct {
	name, label string
	entry       entry
	max         float64
}{
	{"bandwidth", "ADD bandwidth v1.9.1, a rate in both directions", referenceRate, 0},
	{"tcni", "ADD tcni, a rate in both directions", oursRate, maxMemory},
	{"tcni-rules", "ADD tcni, four rules with a rate each", bothWays(fourRates), maxMemory},
	{"tcni-1000", "ADD tcni, 1000 rules in each direction", oursRules(1000), 0},
	{"tcni-5000", "ADD tcni, 5000 rules in each direction", oursRules(5000), 0},
}

func memoryGroup() group {
	g := group{Group: report.Group{Title: "Peak memory", Note: "largest resident set, the binary's own pages included"}, measure: (*bench).memory}
	for _, m := range memoryRows {
		g.Rows = append(g.Rows, &report.Row{ID: "memory/" + m.name, Label: m.label, Unit: report.Bytes, Max: m.max})
	}
	return g
}

func (b *bench) memory(g *report.Group) error {
	for _, m := range memoryRows {
		row := g.Row("memory/" + m.name)
		p, err := newPod(b.lab, m.name)
		if err != nil {
			return err
		}
		err = b.lab.Node.Do(func() error {
			for range b.times(9, 3) {
				bytes, err := b.watch(m.entry, p)
				if err != nil {
					return err
				}
				row.Add(bytes)
			}
			return b.ctx.Err()
		})
		if err != nil {
			row.Problem = err.Error()
		}
	}
	return nil
}

// watch runs ADD under peak, and DEL after it.
func (b *bench) watch(e entry, p pod) (float64, error) {
	c, err := b.peakOf(e, lab.ADD, p)
	if err != nil {
		return 0, err
	}
	if _, err := c.run(); err != nil {
		return 0, err
	}
	kib, err := strconv.ParseFloat(strings.TrimSpace(string(content(c.stdout))), 64)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", peak, err)
	}
	return kib * 1024, errors.Join(b.once(e, lab.DEL, p), b.bare(p))
}

// sizeRows are the binaries whose size is told.
var sizeRows = []struct {
	program, label string
	max            float64
}{
	{floor, "static Go hello", 0},
	{reference, "bandwidth v1.9.1", 0},
	{ours, "tcni", maxBinary},
}

func sizeGroup() group {
	g := group{Group: report.Group{Title: "Size of the binary", Note: "static and stripped"}, measure: (*bench).size}
	for _, s := range sizeRows {
		g.Rows = append(g.Rows, &report.Row{ID: "size/" + s.program, Label: s.label, Unit: report.Bytes, Max: s.max})
	}
	return g
}

func (b *bench) size(g *report.Group) error {
	for _, s := range sizeRows {
		info, err := os.Stat(b.stage + "/" + s.program)
		if err != nil {
			return err
		}
		g.Row("size/" + s.program).Add(float64(info.Size()))
	}
	return nil
}
