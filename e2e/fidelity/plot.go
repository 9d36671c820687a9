// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"tcni.dev/e2e/figure"
)

// panelWidth and panelHeight are of one case's plot.
const (
	panelWidth  = 9 * vg.Centimeter
	panelHeight = 6.5 * vg.Centimeter
	columns     = 3
)

func plotFile(kernel, family string) string { return family + "-" + kernel + ".svg" }

func hasPlot(f FamilyReport) bool { return len(panels(f)) > 0 }

// panel is one plot: tcni's series beside plain netem's.
type panel struct {
	title string
	lines []line
}

type line struct {
	name string
	Series
}

// panels makes one plot of each case; cases that have a single point for each
// variant share one.
func panels(f FamilyReport) []panel {
	var out []panel
	points := map[string]*line{}
	var order []string
	for _, c := range f.Cases {
		p := panel{title: c.Name}
		for _, v := range []struct {
			name    string
			attempt *Attempt
		}{{tcni, &c.TCNI}, {netem, c.Netem}} {
			if v.attempt == nil {
				continue
			}
			for _, s := range v.attempt.Series {
				if len(s.X) != 1 {
					p.lines = append(p.lines, line{v.name, s})
					continue
				}
				if points[v.name] == nil {
					points[v.name] = &line{v.name, Series{XLabel: s.XLabel, YLabel: s.YLabel}}
					order = append(order, v.name)
				}
				all := points[v.name]
				all.X, all.Y = append(all.X, s.X...), append(all.Y, s.Y...)
			}
		}
		if len(p.lines) > 0 {
			out = append(out, p)
		}
	}
	if len(order) > 0 {
		p := panel{title: "asked and measured"}
		for _, name := range order {
			p.lines = append(p.lines, *points[name])
		}
		out = append([]panel{p}, out...)
	}
	return out
}

// plotFamily draws a family's panels into one file.
func plotFamily(dir, kernel string, f FamilyReport) error {
	all := panels(f)
	if len(all) == 0 {
		return nil
	}
	cols := min(columns, len(all))
	rows := (len(all) + cols - 1) / cols
	canvas := figure.New(vg.Length(cols)*panelWidth, vg.Length(rows)*panelHeight)
	tiles := draw.Tiles{Rows: rows, Cols: cols, PadX: vg.Millimeter * 4, PadY: vg.Millimeter * 4, PadTop: 4, PadBottom: 4, PadLeft: 4, PadRight: 4}
	dc := draw.New(canvas)
	for i, p := range all {
		drawn, err := p.draw()
		if err != nil {
			return err
		}
		drawn.Draw(tiles.At(dc, i%cols, i/cols))
	}
	return save(canvas, filepath.Join(dir, plotFile(kernel, f.Name)))
}

func save(canvas *vgsvg.Canvas, path string) error {
	var b bytes.Buffer
	if err := figure.Write(&b, canvas); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

func (p panel) draw() (*plot.Plot, error) {
	out := plot.New()
	out.Title.Text = p.title
	for i, l := range p.lines {
		out.X.Label.Text, out.Y.Label.Text = l.XLabel, l.YLabel
		xy := make(plotter.XYs, len(l.X))
		for j := range xy {
			xy[j].X, xy[j].Y = l.X[j], l.Y[j]
		}
		var err error
		if l.scattered() {
			err = addPoints(out, i, l.name, xy)
		} else {
			err = addLine(out, i, l.name, xy)
		}
		if err != nil {
			return nil, err
		}
	}
	out.Legend.Top = false
	return out, nil
}

// scattered tells whether points have no order in which to join them.
func (l line) scattered() bool { return strings.HasPrefix(l.XLabel, "asked") }

func addLine(out *plot.Plot, i int, name string, xy plotter.XYs) error {
	drawn, err := plotter.NewLine(xy)
	if err != nil {
		return err
	}
	drawn.Color, drawn.Dashes = figure.Color(i), plotutil.Dashes(i)
	out.Add(drawn)
	out.Legend.Add(name, drawn)
	return nil
}

func addPoints(out *plot.Plot, i int, name string, xy plotter.XYs) error {
	drawn, err := plotter.NewScatter(xy)
	if err != nil {
		return err
	}
	drawn.Color, drawn.Shape = figure.Color(i), plotutil.Shape(i)
	out.Add(drawn)
	out.Legend.Add(name, drawn)
	return nil
}
