// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"time"

	"tcni.dev/e2e/measure"
)

// Report is all that was measured in a run. Durations are in ns, rates in bits
// per second.
type Report struct {
	// Kernel is the release of the kernel that did it, Emulated whether that
	// was in package vm's guest, with a clock that counts instructions.
	Kernel   string `json:"kernel"`
	Emulated bool   `json:"emulated"`
	Cases    []Done `json:"cases"`
	// Tree is the last case's, dumped from the kernel as commands of tc(8);
	// Statistics are the counters of its netem as tc(8) prints them.
	Tree       []string `json:"tree"`
	Statistics []string `json:"statistics"`
	// WrongValue is the error of a misspelt annotation.
	WrongValue string `json:"wrongValue"`
	// Left is what all the cases left behind on the node, as a diff: empty.
	Left   string  `json:"left"`
	Counts []Count `json:"counts"`
	// Failures are the values that are outside of their bounds.
	Failures []string `json:"failures"`
}

// Done is a case with what was measured.
type Done struct {
	Case
	Paths []Measured `json:"paths"`
	// Trips are round trips to each service from the shop, in their order.
	Trips map[string][]time.Duration `json:"trips"`
}

// Measured is what a path was.
type Measured struct {
	Path
	RTT     measure.Summary[time.Duration] `json:"rtt"`
	Egress  Direction                      `json:"egress"`
	Ingress *Direction                     `json:"ingress,omitempty"`
}

// Direction is what one direction of a path was.
type Direction struct {
	// Delay one way, of packets sent 10 ms apart.
	Delay measure.Summary[time.Duration] `json:"delay"`
	// Sent and Lost count packets; Loss is the interval of their probability.
	Sent int              `json:"sent"`
	Lost int              `json:"lost"`
	Loss measure.Interval `json:"loss"`
	// UDP is what arrives of more than the rate, or of 45 Mbit/s where no rate is
	// asked for; TCP is what one connection makes of the path. Both count whole
	// frames.
	UDP float64 `json:"udp"`
	TCP float64 `json:"tcp"`
}

// Count is how many things of a kind there were before the first ADD, in the
// last case, and after the last DEL.
type Count struct {
	What   string `json:"what"`
	Before int    `json:"before"`
	Shaped int    `json:"shaped"`
	After  int    `json:"after"`
}
