// SPDX-License-Identifier: Apache-2.0

package tc

import "strings"

// Netem is the network emulator, with everything that tc-netem(8) has. The
// zero value of a field is netem's default: the impairment is absent.
type Netem struct {
	Limit uint32 // packets that the qdisc holds; 0 stands for the kernel's 1000

	Delay, Jitter Time
	DelayCorr     Percent
	Distribution  Distribution // of the jitter; the zero value is uniform

	Loss Loss
	ECN  bool // mark packets that can be marked instead of dropping them

	Duplicate, DuplicateCorr Percent
	Corrupt, CorruptCorr     Percent
	Reorder, ReorderCorr     Percent
	Gap                      uint32 // packets between two that are reordered

	Rate         Rate
	Overhead     int32  // bytes added to a packet's length for Rate; may be negative
	CellSize     uint32 // bytes; Rate counts whole cells
	CellOverhead int32  // bytes added to each cell

	Slot Slot

	Seed Seed // of the random numbers, since 6.6
}

// Loss is one of netem's three loss models (net/sched/sch_netem.c).
type Loss struct {
	Model LossModel
	// P holds the model's parameters in the order of tc-netem(8):
	// random: percentage and correlation; state: p13, p31, p32, p23, p14;
	// gemodel: p, r, 1-h, 1-k.
	P [5]Percent
}

// LossModel selects what Loss.P means.
type LossModel uint8

// The models of tc-netem(8).
const (
	LossNone    LossModel = iota
	LossRandom            // each packet alone
	LossState             // 4-state Markov chain (CLG_4_STATES)
	LossGEModel           // Gilbert-Elliott (CLG_GILB_ELL)
)

// Slot makes the network deliver in bursts: packets leave only in slots
// (TCA_NETEM_SLOT, since 4.16; its distribution since 4.19).
type Slot struct {
	Min, Max     Time         // the time between two slots, where Distribution is absent
	Distribution Distribution // of that time, with Delay and Jitter
	Delay        Time
	Jitter       Time
	Packets      uint32 // most packets in a slot; 0: any number
	Bytes        uint32 // most bytes in a slot; 0: any number
}

// Active tells whether slots were asked for.
func (s Slot) Active() bool { return s != Slot{} }

// Distribution names a table of netem's and, for a table of the user's own,
// carries it. A Distribution is a comparable value: Table is its text.
type Distribution struct {
	Name  string // as tc-netem(8) has it: normal, pareto, …; a name of the user's own
	Table Table
}

// Table is a delay distribution: 16-bit samples of the inverse cumulative
// distribution, 8192 being one jitter, in the kernel's byte order of 2 bytes
// each, kept as a string so that it can be compared. At most 16384 samples
// (MAX_DIST in sch_netem.c).
type Table string

// Seed is an optional 64-bit seed.
type Seed struct {
	Set   bool
	Value uint64
}

// Kind implements Spec.
func (Netem) Kind() string { return "netem" }

// Impairs tells whether n does anything but queue.
func (n Netem) Impairs() bool {
	n.Limit, n.Seed = 0, Seed{}
	return n != Netem{}
}

// Args prints the parameters in tc-netem(8)'s own words.
func (n Netem) Args() string {
	var parts []string
	for _, word := range netemWords {
		if s := word.print(&n); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}
