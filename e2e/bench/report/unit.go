// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strconv"
	"strings"
)

// Unit says what a row's samples are.
type Unit string

// The units; a new one is a line in scales.
const (
	Seconds   Unit = "s"
	PerPacket Unit = "s/packet"
	Bytes     Unit = "B"
)

// scale is how large values of a unit are printed.
type scale struct {
	from   float64
	divide float64
	suffix string
}

var durations = []scale{{1, 1, "s"}, {1e-3, 1e-3, "ms"}, {0, 1e-6, "µs"}}

// scales lists the scales of a unit, the largest first. Rows of packets are
// compared down a column: they keep one scale.
var scales = map[Unit][]scale{
	Seconds:   durations,
	PerPacket: {{0, 1e-9, "ns"}},
	Bytes:     {{0, 1e6, "MB"}},
}

// Format prints a value with its unit and three digits that count.
func (u Unit) Format(v float64) string {
	return u.with(v, func(v float64) string {
		switch {
		case v >= 100:
			return fmt.Sprintf("%.0f", v)
		case v >= 10:
			return fmt.Sprintf("%.1f", v)
		}
		return fmt.Sprintf("%.2f", v)
	})
}

// short prints a round value without trailing zeros.
func (u Unit) short(v float64) string {
	return u.with(v, func(v float64) string {
		rounded, _ := strconv.ParseFloat(fmt.Sprintf("%.4g", v), 64)
		return strconv.FormatFloat(rounded, 'f', -1, 64)
	})
}

func (u Unit) with(v float64, number func(float64) string) string {
	for _, s := range scales[u] {
		if v >= s.from {
			return number(v/s.divide) + " " + s.suffix
		}
	}
	return strings.TrimSpace(number(v) + " " + string(u))
}
