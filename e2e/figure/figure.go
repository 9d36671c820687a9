// SPDX-License-Identifier: Apache-2.0

// Package figure writes plots as SVG images.
package figure

import (
	"bytes"
	"fmt"
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// face is what texts are measured with. Arial and Helvetica have the same widths:
// with one of the three a text ends where it was measured to.
const face = "Liberation Sans"

// families are what a viewer may have of them.
const families = "'Liberation Sans',Arial,Helvetica,sans-serif"

func init() { plot.DefaultFont = font.Font{Typeface: "Liberation", Variant: "Sans"} }

// New returns an empty image.
func New(width, height vg.Length) *vgsvg.Canvas { return vgsvg.New(width, height) }

// Write writes an image.
func Write(w io.Writer, c *vgsvg.Canvas) error {
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return fmt.Errorf("figure: %w", err)
	}
	_, err := w.Write(bytes.ReplaceAll(b.Bytes(), []byte("font-family:"+face+";"), []byte("font-family:"+families+";")))
	return err
}

// palette are colours that people with any sight tell apart (Okabe and Ito), the
// strongest first.
var palette = []color.Color{
	color.RGBA{0x00, 0x72, 0xb2, 0xff}, color.RGBA{0xd5, 0x5e, 0x00, 0xff}, color.RGBA{0x00, 0x9e, 0x73, 0xff},
	color.RGBA{0xcc, 0x79, 0xa7, 0xff}, color.RGBA{0x56, 0xb4, 0xe9, 0xff}, color.RGBA{0xe6, 0x9f, 0x00, 0xff},
}

// Color is that of series i.
func Color(i int) color.Color { return palette[i%len(palette)] }
