// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tcni.dev/pkg/tc"
)

// columns are what a table may have. A cell is a number and a unit as in tc(8);
// a bare time is in seconds, a bare delay in milliseconds, a bare rate in bits
// per second, a bare loss in percent. An empty cell changes nothing.
var columns = map[string]func(*Point, string) error{
	"time": func(p *Point, s string) error {
		seconds, err := strconv.ParseFloat(strings.TrimSuffix(s, "s"), 64)
		if strings.HasSuffix(s, "ms") {
			seconds, err = strconv.ParseFloat(strings.TrimSuffix(s, "ms"), 64)
			seconds /= 1000
		}
		if err != nil || !(seconds >= 0 && seconds <= 1e6) { // NaN is neither
			return fmt.Errorf("%q is not a time in seconds", s)
		}
		p.At = time.Duration(seconds * float64(time.Second))
		return nil
	},
	"rate": func(p *Point, s string) error {
		r, err := tc.ParseRate(s)
		p.Rate = &r
		return err
	},
	"delay": func(p *Point, s string) error {
		if _, err := strconv.ParseFloat(s, 64); err == nil {
			s += "ms"
		}
		d, err := tc.ParseTime(s)
		p.Delay = &d
		return err
	},
	"loss": func(p *Point, s string) error {
		l, err := tc.ParsePercent(s)
		p.Loss = &l
		return err
	},
}

// parseTable reads comma-separated values with a line of titles: time, and
// rate, delay or loss. The last line holds as long as the one before it.
func parseTable(data []byte) ([]Point, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.TrimLeadingSpace, r.Comment = true, '#'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errors.New("there is no line of titles (time,rate,delay,loss)")
	}
	titles := rows[0]
	for i, t := range titles {
		titles[i] = strings.ToLower(strings.TrimSpace(t))
		if columns[titles[i]] == nil {
			return nil, fmt.Errorf("column %q: want time, rate, delay, loss", t)
		}
	}
	if !slices.Contains(titles, "time") {
		return nil, errors.New("there is no column called time")
	}
	var points []Point
	for n, row := range rows[1:] {
		var p Point
		for i, cell := range row {
			if cell = strings.TrimSpace(cell); cell == "" {
				continue
			}
			if err := columns[titles[i]](&p, cell); err != nil {
				return nil, fmt.Errorf("line %d: %s: %w", n+2, titles[i], err)
			}
		}
		if len(points) > 0 && p.At <= points[len(points)-1].At {
			return nil, fmt.Errorf("line %d: time: %v is not after the line above", n+2, p.At)
		}
		points = append(points, p)
	}
	last := len(points) - 1
	if last < 0 {
		return nil, errors.New("there are no lines below the titles")
	}
	hold := time.Second
	if last > 0 {
		hold = points[last].At - points[last-1].At
	}
	return append(points, Point{At: points[last].At + hold}), nil
}
