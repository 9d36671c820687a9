// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"tcni.dev/conf"
	"tcni.dev/pkg/edit"
	"tcni.dev/pkg/tc"
)

// Trace names the files that a step plays, a direction each.
type Trace struct {
	Egress  string   `json:"egress"`
	Ingress string   `json:"ingress"`
	Window  Duration `json:"window"` // over which deliveries are averaged; 0: 100 ms
}

// Point is what holds from a moment on. The fields that are nil stay.
type Point struct {
	At        time.Duration
	Direction string
	Rate      *tc.Rate
	Delay     *tc.Time
	Loss      *tc.Percent
}

// traceWindow averages deliveries where no other window is given.
const traceWindow = 100 * time.Millisecond

// read reads the traces into one list of points, the last of which is the end.
func (t *Trace) read(files fs.FS) ([]Point, error) {
	var all []Point
	var end time.Duration
	for _, d := range []struct{ direction, name string }{{edit.Egress, t.Egress}, {edit.Ingress, t.Ingress}} {
		if d.name == "" {
			continue
		}
		data, err := fs.ReadFile(files, d.name)
		if err != nil {
			return nil, err
		}
		points, err := ParseTrace(data, time.Duration(t.Window))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.name, err)
		}
		for i := range points {
			points[i].Direction = d.direction
		}
		last := len(points) - 1
		end = max(end, points[last].At)
		all = append(all, points[:last]...)
	}
	if len(all) == 0 {
		return nil, errors.New("want a file for egress, ingress, or both")
	}
	slices.SortStableFunc(all, func(a, b Point) int { return cmp.Compare(a.At, b.At) })
	return append(all, Point{At: end}), nil
}

// ParseTrace reads a packet-delivery trace, or a table with a line of titles.
// The last point tells where the trace ends. A window of 0 is 100 ms.
func ParseTrace(data []byte, window time.Duration) ([]Point, error) {
	if window == 0 {
		window = traceWindow
	}
	first, _, _ := bytes.Cut(bytes.TrimSpace(data), []byte("\n"))
	if bytes.ContainsFunc(first, func(r rune) bool { return r >= 'a' && r <= 'z' }) {
		return parseTable(data)
	}
	return parseDeliveries(data, window)
}

// edit sets what the point tells of.
func (p Point) edit(rule string) Edit {
	return func(_ string, now, _ conf.Shape) (conf.Shape, error) {
		err := edit.Impair(&now, p.Direction, rule, func(i conf.Impairment) conf.Impairment {
			if p.Rate != nil {
				i.Rate, i.Ceil = *p.Rate, 0
			}
			if p.Delay != nil {
				i.Netem.Delay = *p.Delay
			}
			if p.Loss != nil {
				i.Netem.Loss = tc.Loss{}
				if *p.Loss != 0 {
					i.Netem.Loss = tc.Loss{Model: tc.LossRandom, P: [5]tc.Percent{*p.Loss}}
				}
			}
			return i
		})
		return now, err
	}
}
