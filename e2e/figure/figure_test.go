// SPDX-License-Identifier: Apache-2.0

package figure

import (
	"bytes"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// TestWrite holds that every text names fonts of the width it was measured with.
func TestWrite(t *testing.T) {
	p := plot.New()
	p.Title.Text = "a title"
	c := New(5*vg.Centimeter, 5*vg.Centimeter)
	p.Draw(draw.New(c))
	var b bytes.Buffer
	if err := Write(&b, c); err != nil {
		t.Fatal(err)
	}
	texts, named := strings.Count(b.String(), "<text"), strings.Count(b.String(), "font-family:"+families)
	if texts == 0 || texts != named || !strings.Contains(b.String(), "a title") {
		t.Errorf("%d texts, %d with %s:\n%s", texts, named, families, &b)
	}
}
