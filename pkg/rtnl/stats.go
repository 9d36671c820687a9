// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"bytes"
	"fmt"
	"slices"

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

// statsTries bounds how often the counters are read for those of one moment.
const statsTries = 5

// Stats reads the counters of all qdiscs and HTB classes on a device, in the
// kernel's order.
//
// Qdiscs and classes are two lists, and packets move while they are read: one
// that leaves between would be counted as waiting and as sent, which makes a sum
// of both fall again. So where packets wait, the classes are read before and
// after the qdiscs until they are the same. Where packets leave faster than they
// can be read, that is given up and the sum may be a few packets off.
func (c *Conn) Stats(dev Device) ([]Stats, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	index, err := c.indexOf(dev)
	if err != nil {
		return nil, fmt.Errorf("stats of %s: %w", dev.Name, err)
	}
	all, err := c.settled(index)
	if err != nil {
		return nil, fmt.Errorf("stats of %s: %w", dev.Name, err)
	}
	return all, nil
}

func (c *Conn) settled(index int32) ([]Stats, error) {
	qdiscs, err := counters(c.list, unix.RTM_GETQDISC, index)
	if err != nil {
		return nil, err
	}
	classes, err := counters(c.list, unix.RTM_GETTCLASS, index)
	for try := 0; err == nil && try < statsTries && slices.ContainsFunc(slices.Concat(qdiscs, classes), waits); try++ {
		before := classes
		if qdiscs, err = counters(c.listNow, unix.RTM_GETQDISC, index); err != nil {
			break
		}
		classes, err = counters(c.list, unix.RTM_GETTCLASS, index)
		if slices.EqualFunc(before, classes, unmoved) {
			break
		}
	}
	return append(qdiscs, classes...), err
}

func waits(s Stats) bool { return s.Queued > 0 }

// unmoved tells that no packet came into a class or left it.
func unmoved(a, b Stats) bool {
	return a.Handle == b.Handle && a.Packets == b.Packets && a.Queued == b.Queued
}

// counters takes them out of a list of qdiscs or classes.
func counters(list func(uint16, int32, tc.Handle, func(tcMessage)) error, typ uint16, index int32) (found []Stats, err error) {
	class := typ == unix.RTM_GETTCLASS
	err = list(typ, index, 0, func(m tcMessage) {
		if !class || m.kind == "htb" {
			found = append(found, parseStats(m, class))
		}
	})
	return found, err
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
