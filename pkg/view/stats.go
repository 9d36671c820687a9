// SPDX-License-Identifier: Apache-2.0

package view

import (
	"time"

	"tcni.dev/conf"
)

// Stats are the counters of one attachment at one time, since the queues were
// made: ADD, or the first change of what was not shaped.
type Stats struct {
	Name        string      `json:"name"`
	Mark        string      `json:"mark"`
	Network     string      `json:"network"`
	ContainerID string      `json:"containerID"`
	IfName      string      `json:"ifName"`
	Pod         conf.Pod    `json:"pod,omitzero"`
	Time        time.Time   `json:"time"`
	Error       string      `json:"error,omitempty"` // why there are no counters
	Directions  []Direction `json:"directions"`
}

// Direction is what one direction counted.
type Direction struct {
	Direction string  `json:"direction"` // egress, ingress
	Where     string  `json:"where"`     // container, host
	Device    string  `json:"device"`
	Total     Counts  `json:"total"`
	Classes   []Class `json:"classes"`
	Rules     []Rule  `json:"rules"` // what no rule takes, then the rules in their order
}

// Rule is what came for one rule: packets that left, were lost, or wait.
type Rule struct {
	Rule    string `json:"rule"`            // its name, or rules[N]; "default": what no rule takes
	Class   string `json:"class"`           // where its packets go
	Packets uint64 `json:"packets"`         // that came; where By is "shared", for the whole class
	Bytes   uint64 `json:"bytes,omitempty"` // of these; only where By is "bpf"
	By      By     `json:"by"`

	// Drops are those of the rule's class, and of its packets alone unless
	// SharedWith names others.
	Drops      Drops    `json:"drops"`
	SharedWith []string `json:"sharedWith,omitempty"`
}

// By tells who counted a rule's packets.
type By string

// Who counts. A class of the rule's own counts since ADD, duplicates twice where
// its Netem is nil; a classifier since a rule last went to another class, duplicates
// always twice.
const (
	ByClass  By = "class"  // the rule has its class alone
	ByBPF    By = "bpf"    // the eBPF classifier: packets on the wire
	ByU32    By = "u32"    // u32's nodes: as handed down, a GSO packet is one
	ByShared By = "shared" // nobody: it is the count of the class that it shares
)

// Exact tells whether the count is of this rule's packets alone.
func (r Rule) Exact() bool { return r.By != ByShared }

// Class is what the packets of one impairment counted. Rules with the same
// impairment share a class where the order of packets does not tell them apart;
// their counts are then one.
type Class struct {
	Class string   `json:"class"` // HTB's
	Rules []string `json:"rules"` // by name, or rules[N]; "default": what no rule takes; "unshaped": let through
	Counts
}

// Names in Class.Rules that are not rules'.
const (
	RuleDefault  = conf.RuleDefault
	RuleUnshaped = conf.RuleUnshaped
)

// Counts are of packets on the wire: what the kernel splits is counted split.
type Counts struct {
	Packets uint64 `json:"packets"` // that left, duplicates included
	Bytes   uint64 `json:"bytes"`   // of these, with the Ethernet header
	Drops   Drops  `json:"drops"`

	BacklogPackets uint64 `json:"backlogPackets"` // that wait, for their delay or their turn
	BacklogBytes   uint64 `json:"backlogBytes"`

	// QueueDelay is how long a packet that comes now would wait for its turn
	// at the rate, beside the delay that was asked for; in seconds. Where
	// classes share a rate it is the least that it may be.
	QueueDelay float64 `json:"queueDelay"`

	Netem *Netem `json:"netem,omitempty"` // where the kernel counts these (7.x)
	Rates *Rates `json:"rates,omitempty"` // where there was an earlier reading
}

// Drops are packets lost, by cause.
type Drops struct {
	Loss   uint64 `json:"loss"`   // the loss that was asked for
	Queue  uint64 `json:"queue"`  // netem's limit; a kernel without Netem counts it as loss
	Buffer uint64 `json:"buffer"` // the buffer in front of the rate was full
	Total  uint64 `json:"total"`
}

// Netem is what netem did to packets.
type Netem struct {
	Delayed    uint64 `json:"delayed"`
	Duplicated uint64 `json:"duplicated"`
	Corrupted  uint64 `json:"corrupted"`
	Reordered  uint64 `json:"reordered"`
}

// Rates are per second, since the earlier reading.
type Rates struct {
	Packets float64 `json:"packets"`
	Bits    float64 `json:"bits"`
	Drops   float64 `json:"drops"`
}

// Offered is how many packets came: those that left, were lost, or wait. Netem's
// duplicates are not among them, where the kernel counts those.
func (c Counts) Offered() uint64 {
	n := c.Packets + c.Drops.Total + c.BacklogPackets
	if c.Netem != nil {
		n -= min(n, c.Netem.Duplicated)
	}
	return n
}
