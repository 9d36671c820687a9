// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
	"tcni.dev/pkg/view"
)

// queues are a device's counters, by place.
type queues struct {
	class map[tc.Handle]rtnl.Stats // HTB's, by handle
	below map[tc.Handle]rtnl.Stats // qdiscs, by the class or qdisc that they hang on
}

func index(raw []rtnl.Stats) queues {
	q := queues{map[tc.Handle]rtnl.Stats{}, map[tc.Handle]rtnl.Stats{}}
	for _, s := range raw {
		if s.Class {
			q.class[s.Handle] = s
		} else {
			q.below[s.Parent] = s
		}
	}
	return q
}

// child returns the qdisc below a qdisc that has one class, MAJOR:1.
func (q queues) child(s rtnl.Stats) rtnl.Stats { return q.below[tc.MakeHandle(s.Handle.Major(), 1)] }

// counts follows a class's chain of queues: a segmenter, netem, the buffer in
// front of the rate, each of which may be absent.
func (q queues) counts(class rtnl.Stats, ceil tc.Rate) view.Counts {
	c := view.Counts{Packets: class.Packets, Bytes: class.Bytes}
	leaf := q.below[class.Handle]
	if below := q.child(leaf); leaf.Kind == "tbf" && below.Kind == "netem" {
		leaf = below
	}
	waiting, drops := leaf, uint64(leaf.Drops)
	if leaf.Kind == "netem" {
		buffer := q.child(leaf)
		c.Drops.Buffer = uint64(buffer.Drops)
		c.Drops.Loss = drops - min(drops, c.Drops.Buffer)
		if n := parseNetem(leaf.App); n != nil {
			c.Netem = n.view()
			c.Drops.Queue = c.Drops.Loss - min(c.Drops.Loss, n.lost)
			c.Drops.Loss -= c.Drops.Queue
		}
		waiting = buffer
	} else {
		c.Drops.Buffer = drops
	}
	c.Drops.Total = c.Drops.Loss + c.Drops.Queue + c.Drops.Buffer
	c.BacklogPackets, c.BacklogBytes = uint64(class.Queued), uint64(class.Backlog)
	c.QueueDelay = ceil.TimeFor(tc.Size(waiting.Backlog)).Duration().Seconds()
	return c
}
