// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"bytes"
	"fmt"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// Stats are the counters of a qdisc or an HTB class since it was made.
type Stats struct {
	Kind           string // htb, netem, …
	Class          bool
	Parent, Handle tc.Handle

	Bytes, Packets uint64 // Packets wraps at 2^32 in kernels before 5.6
	Drops          uint32
	Requeues       uint32
	Overlimits     uint32
	Queued         uint32 // packets that wait
	Backlog        uint32 // bytes that wait
	App            []byte // TCA_STATS_APP: what only this kind of qdisc counts
}

// Stats reads the counters of all qdiscs and HTB classes on a device, in the
// kernel's order.
func (c *Conn) Stats(dev Device) ([]Stats, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []Stats
	read := func(class bool) func(tcMessage) {
		return func(m tcMessage) {
			if class && m.kind != "htb" {
				return
			}
			all = append(all, parseStats(m, class))
		}
	}
	index, err := c.indexOf(dev)
	if err == nil {
		err = c.list(unix.RTM_GETQDISC, index, 0, read(false))
	}
	if err == nil {
		err = c.list(unix.RTM_GETTCLASS, index, 0, read(true))
	}
	if err != nil {
		return nil, fmt.Errorf("stats of %s: %w", dev.Name, err)
	}
	return all, nil
}

// parseStats reads a TCA_STATS2, include/uapi/linux/gen_stats.h.
func parseStats(m tcMessage, class bool) Stats {
	s := Stats{Kind: m.kind, Class: class, Parent: m.parent, Handle: m.handle}
	for typ, v := range m.stats.attrs() {
		switch typ {
		case statsBasic:
			s.Bytes = v.u64(0)
			s.Packets = max(s.Packets, uint64(v.u32(8)))
		case statsPkt64:
			s.Packets = v.u64(0)
		case statsQueue:
			s.Queued, s.Backlog = v.u32(0), v.u32(4)
			s.Drops, s.Requeues, s.Overlimits = v.u32(8), v.u32(12), v.u32(16)
		case statsApp:
			s.App = bytes.Clone(v)
		}
	}
	return s
}
