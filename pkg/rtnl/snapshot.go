// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Snapshot reads the qdiscs of all devices at once: from then on, Dump, DumpLink
// and Stats take a device's qdiscs, with their counters, from there. The kernel
// walks through all devices for the qdiscs of one (tc_dump_qdisc in
// net/sched/sch_api.c), so that looking at each of n devices in turn takes time
// in the square of n. It is for a Conn that reads and does not live long.
func (c *Conn) Snapshot() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[int32][]tcMessage{}
	if err := c.list(unix.RTM_GETQDISC, 0, 0, func(m tcMessage) { found[m.index] = append(found[m.index], m) }); err != nil {
		return fmt.Errorf("qdiscs of all devices: %w", err)
	}
	c.qdiscs, c.kept = found, nil // what was found lies there
	return nil
}
