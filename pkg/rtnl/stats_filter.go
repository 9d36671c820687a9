// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"fmt"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// Element is one element of a filter, with what there is to count by.
type Element struct {
	Preference uint16
	Protocol   tc.Protocol
	Kind       string // u32, bpf
	Node       uint32 // of u32: the node's number in its table, from 1

	// Hits are the packets that a u32 node took, as they were handed down: the
	// kernel counts a GSO packet once (u32_classify in net/sched/cls_u32.c). It
	// counts where it was built with CONFIG_CLS_U32_PERF.
	Hits   uint64
	Counts bool

	Program uint32 // of bpf: the program's ID
	Name    string // of bpf: what the program is called
}

// Elements reads the elements of all u32 and bpf filters at one parent on a
// device, in the kernel's order.
func (c *Conn) Elements(dev Device, parent tc.Handle) ([]Element, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []Element
	index, err := c.indexOf(dev)
	if err == nil {
		err = c.list(unix.RTM_GETTFILTER, index, parent, func(m tcMessage) {
			if e, ok := parseElement(m); ok {
				all = append(all, e)
			}
		})
	}
	if err != nil {
		return nil, fmt.Errorf("filters of %s: %w", dev.Name, err)
	}
	return all, nil
}

// parseElement passes over the messages that stand for a filter as a whole, or
// for one of its hash tables.
func parseElement(m tcMessage) (Element, bool) {
	e := Element{Preference: uint16(m.info >> 16), Protocol: tc.Protocol(big16(uint16(m.info))), Kind: m.kind}
	switch m.kind {
	case "u32":
		e.Node = uint32(m.handle) & tc.MaxU32Nodes
		if count := m.options.attr(u32Count); len(count) >= 16 { // struct tc_u32_pcnt: rcnt, rhit
			e.Hits, e.Counts = count.u64(8), true
		}
		return e, m.options.attr(u32Sel) != nil
	case "bpf":
		e.Program, e.Name = m.options.attr(bpfID).u32(0), m.options.attr(bpfName).text()
		return e, m.handle != 0
	}
	return e, false
}

// u32Count is TCA_U32_PCNT, include/uapi/linux/pkt_cls.h.
const u32Count = 9
