// SPDX-License-Identifier: Apache-2.0

package report

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"tcni.dev/e2e/figure"
)

// Size of one panel.
const (
	panelWidth  = 12 * vg.Centimeter
	panelHeight = 9 * vg.Centimeter
)

// errNoPoints says that no row with a place in the plot has samples.
var errNoPoints = errors.New("plot: nothing was measured that has a place in it")

// series is one line of a panel.
type series struct {
	name   string
	unit   Unit
	level  bool // does not depend on rules
	points plotter.XYs
}

// panel is one plot: cost against rules.
type panel struct {
	title  string
	series []series
}

// Plot writes the rows that have a Point as an SVG image, a panel beside the
// other, both axes logarithmic.
func (r *Report) Plot(w io.Writer) error {
	panels := r.panels()
	if len(panels) == 0 {
		return errNoPoints
	}
	canvas := figure.New(panelWidth*vg.Length(len(panels)), panelHeight)
	tiles := draw.Tiles{Cols: len(panels), Rows: 1, PadX: 5 * vg.Millimeter, PadRight: 3 * vg.Millimeter, PadTop: 2 * vg.Millimeter}
	row := make([]*plot.Plot, len(panels))
	for i, p := range panels {
		drawn, err := p.draw()
		if err != nil {
			return fmt.Errorf("plot: %s: %w", p.title, err)
		}
		row[i] = drawn
	}
	for i, c := range plot.Align([][]*plot.Plot{row}, tiles, draw.New(canvas))[0] {
		row[i].Draw(c)
	}
	return figure.Write(w, canvas)
}

// panels collects the points, in the order of the rows.
func (r *Report) panels() []panel {
	var out []panel
	for _, g := range r.Groups {
		for _, row := range g.Rows {
			if row.Point == nil || len(row.Samples) == 0 {
				continue
			}
			i := slices.IndexFunc(out, func(p panel) bool { return p.title == row.Point.Panel })
			if i < 0 {
				i = len(out)
				out = append(out, panel{title: row.Point.Panel})
			}
			out[i].add(row)
		}
	}
	for i := range out {
		out[i].spread()
	}
	return out
}

func (p *panel) add(row *Row) {
	at := row.Point
	i := slices.IndexFunc(p.series, func(s series) bool { return s.name == at.Series })
	if i < 0 {
		i = len(p.series)
		p.series = append(p.series, series{name: at.Series, unit: row.Unit, level: at.Rules == 0})
	}
	p.series[i].points = append(p.series[i].points, plotter.XY{X: float64(at.Rules), Y: row.Median()})
}

// spread draws levels from the fewest rules to the most.
func (p *panel) spread() {
	from, to := 0.0, 0.0
	for _, s := range p.series {
		for _, xy := range s.points {
			if !s.level && (from == 0 || xy.X < from) {
				from = xy.X
			}
			to = max(to, xy.X)
		}
	}
	for i, s := range p.series {
		if s.level {
			y := s.points[0].Y
			p.series[i].points = plotter.XYs{{X: max(from, 1), Y: y}, {X: max(to, 10), Y: y}}
		}
	}
}

func (p panel) draw() (*plot.Plot, error) {
	out := plot.New()
	out.Title.Text, out.X.Label.Text = p.title, "rules"
	out.X.Scale, out.Y.Scale = plot.LogScale{}, plot.LogScale{}
	out.X.Tick.Marker = decades(func(v float64) string { return strconv.Itoa(int(v)) })
	out.Y.Tick.Marker = decades(p.series[0].unit.short)
	out.Legend.Top, out.Legend.Left = true, true
	out.Legend.XOffs, out.Legend.YOffs = 2*vg.Millimeter, -vg.Millimeter
	out.Add(plotter.NewGrid())
	for i, s := range p.series {
		line, dots, err := plotter.NewLinePoints(s.points)
		if err != nil {
			return nil, err
		}
		line.Color, dots.Color, dots.Shape = figure.Color(i), figure.Color(i), draw.CircleGlyph{}
		out.Legend.Add(s.name, line)
		if s.level {
			line.Dashes = plotutil.Dashes(1)
			out.Add(line)
			continue
		}
		out.Add(line, dots)
	}
	out.X.Min, out.X.Max = below(out.X.Min), above(out.X.Max)
	out.Y.Min, out.Y.Max = below(out.Y.Min), above(out.Y.Max)
	return out, nil
}
