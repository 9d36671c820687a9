// SPDX-License-Identifier: Apache-2.0

package stats

import "tcni.dev/pkg/view"

// add sums up what can be summed up.
func add(total *view.Counts, c view.Counts) {
	total.Packets += c.Packets
	total.Bytes += c.Bytes
	total.Drops.Loss += c.Drops.Loss
	total.Drops.Queue += c.Drops.Queue
	total.Drops.Buffer += c.Drops.Buffer
	total.Drops.Total += c.Drops.Total
	total.BacklogPackets += c.BacklogPackets
	total.BacklogBytes += c.BacklogBytes
	total.QueueDelay = max(total.QueueDelay, c.QueueDelay)
	if n := c.Netem; n != nil {
		if total.Netem == nil {
			total.Netem = &view.Netem{}
		}
		total.Netem.Delayed += n.Delayed
		total.Netem.Duplicated += n.Duplicated
		total.Netem.Corrupted += n.Corrupted
		total.Netem.Reordered += n.Reordered
	}
}
