// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"fmt"
	"math"
	"strings"
)

// measured are delays as a list of round-trip times has them, in ms: none below
// 45, and a tail.
func measured() (ms []float64) {
	for i := range 100 {
		ms = append(ms, 45-5*math.Log(1-(float64(i)+0.5)/100))
	}
	return ms
}

// samples is the shape that asks for them.
func samples() string {
	var list []string
	for _, v := range measured() {
		list = append(list, fmt.Sprintf(`"%.3fms"`, v))
	}
	return `{"delaySamples": [` + strings.Join(list, ",") + `]}`
}
