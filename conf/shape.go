// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"slices"
	"strconv"

	"tcni.dev/pkg/tc"
)

// Shape is what a container's network is to be: the result of parsing and of
// precedence, the input of planning. A direction is left alone where it is nil, or does nothing.
type Shape struct {
	Egress     *Direction `json:"egress,omitempty"`
	Ingress    *Direction `json:"ingress,omitempty"`
	Placement  Placement  `json:"placement,omitempty"`
	ExemptNode bool       `json:"exemptNode,omitempty"` // traffic that the node itself originates is not impaired
}

// Direction is one direction of the container's network.
type Direction struct {
	Impairment        // of what no rule takes; its rate holds for all but unshaped traffic
	Rules      []Rule // first match wins
}

// Shapes tells whether the direction, or a rule of it, does anything to a packet.
// A nil one does not.
func (d *Direction) Shapes() bool {
	return d != nil && (!d.IsZero() || slices.ContainsFunc(d.Rules, func(r Rule) bool { return !r.IsZero() }))
}

// Rule gives the packets that it matches an impairment of their own. A rule
// whose impairment is the zero value lets them pass unshaped.
type Rule struct {
	Name  string // unique in its direction; may be empty
	Match Match
	Impairment
}

// RuleLabel is what messages and counters call the rule at i: its name, or its
// path where it has none.
func RuleLabel(name string, i int) string {
	if name != "" {
		return name
	}
	return "rules[" + strconv.Itoa(i) + "]"
}

// Names in counters that are not rules', and that no rule can have.
const (
	RuleDefault  = "default"  // what no rule takes
	RuleUnshaped = "unshaped" // what is let through
)

// Impairment is everything that can be done to a packet.
type Impairment struct {
	// Rate is the limit, and, where Ceil is set, what is assured while Ceil is
	// the limit (tc-htb(8)).
	Rate, Ceil tc.Rate
	Burst      tc.Size // bytes at line speed before Rate holds; 0: computed
	Framing    Framing // what Rate counts beside a packet's own bytes
	Buffer     Buffer  // of the bottleneck in front of Rate
	KeepOrder  Order   // whether jitter may reorder packets

	// Netem is the rest, in tc-netem(8)'s meaning. Its Limit is 0 where it is
	// to be computed. Its Rate, Overhead, CellSize and CellOverhead are not
	// used here: see Rate and Framing.
	Netem tc.Netem
}

// IsZero tells whether the impairment is none at all.
func (i Impairment) IsZero() bool { return i == Impairment{} }

// Buffer is a queue's size, in bytes or as time at the link's rate; the zero
// value is computed.
type Buffer struct {
	Bytes tc.Size
	Time  tc.Time
}

// Order says whether jitter may reorder packets.
type Order uint8

// The default keeps the order unless reorder is asked for.
const (
	OrderDefault Order = iota
	OrderKeep
	OrderFree
)

// Match says which packets a rule takes. It speaks of the remote end, so that it
// reads the same in both directions.
type Match tc.Match

// PortRange is First..Last, both included.
type PortRange = tc.PortRange

// Placement says where the trees are put.
type Placement string

// The placements; see README.md.
const (
	PlaceAuto      Placement = "auto"
	PlaceContainer Placement = "container"
	PlaceHost      Placement = "host"
)
