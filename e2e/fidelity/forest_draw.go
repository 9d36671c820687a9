// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"tcni.dev/e2e/figure"
)

// width and height leave a line for each name.
func (o *forest) width() vg.Length { return 26 * vg.Centimeter }
func (o *forest) height() vg.Length {
	return vg.Length(len(o.names))*0.55*vg.Centimeter + 3*vg.Centimeter
}

func (o *forest) draw() (*plot.Plot, error) {
	out := plot.New()
	out.NominalY(o.names...)
	out.X.Label.Text, out.X.Min, out.X.Max = fmt.Sprintf("measured / asked (%v: that, or more)", most), 0, most
	if o.counts {
		out.X.Label.Text, out.X.Max = "packets, and one more", 30_000
		out.X.Scale, out.X.Tick.Marker, out.X.Min = plot.LogScale{}, plot.LogTicks{}, 0.9
	}
	out.Y.Min, out.Y.Max = -0.7, float64(len(o.names))-0.3
	out.Add(plotter.NewGrid())
	for i, variant := range []string{tcni, netem} {
		p := o.points(variant, 0.15-0.3*float64(i))
		if len(p.XYs) == 0 {
			continue
		}
		dots, err := plotter.NewScatter(p.XYs)
		if err != nil {
			return nil, err
		}
		whiskers, err := plotter.NewXErrorBars(p)
		if err != nil {
			return nil, err
		}
		dots.Color, dots.Shape, whiskers.Color = figure.Color(i), plotutil.Shape(i), figure.Color(i)
		whiskers.LineStyle.Width = 1.2
		out.Add(whiskers, dots)
		out.Legend.Add(variant, dots)
	}
	out.Legend.Top = true
	return out, nil
}

// plot draws the forest into a file, unless there is nothing in it.
func (o *forest) plot(path string) error {
	if len(o.names) == 0 {
		return nil
	}
	drawn, err := o.draw()
	if err != nil {
		return err
	}
	canvas := figure.New(o.width(), o.height())
	drawn.Draw(draw.New(canvas))
	return save(canvas, path)
}

// headlineFile is the one that a page about tcni shows.
func headlineFile(kernel string) string { return "headlines-" + kernel + ".svg" }

func forestFile(kernel, family string) string { return family + "-" + kernel + "-asked.svg" }
