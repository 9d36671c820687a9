// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"strconv"
	"strings"
)

// Filter is everything of one classifier kind under one parent, preference and
// protocol: what the kernel calls a tcf_proto.
type Filter struct {
	Parent     Handle // a qdisc, HandleIngress or HandleEgress
	Preference uint16 // lower ones are asked first
	Protocol   Protocol
	Spec       FilterSpec
}

// FilterSpec is a classifier: U32 or BPF.
type FilterSpec interface {
	Kind() string
	// Elements prints one piece of command line for each element of the
	// classifier, in the order in which they must be added.
	Elements() []string
}

// SlotSize is how many preferences share a slot: a filter whose content changes
// is installed under the next preference of its slot before the old one goes
// (a u32 node cannot change its keys in place, net/sched/cls_u32.c).
const SlotSize = 1000

// Slot implements Object.
func (f Filter) Slot() string {
	return f.slot().String() + " " + f.Protocol.String() + " " + strconv.Itoa(int(f.Preference/SlotSize))
}

func (f Filter) slot() slot {
	return slot{kind: "filter", at: f.Parent, protocol: f.Protocol, number: f.Preference / SlotSize}
}

// Lines implements Object. Whatever the verb, a filter's elements are added:
// Change has put the filter under a preference of its own (see Diff).
func (f Filter) Lines(verb Verb, dev string) []string {
	where := fmt.Sprintf("dev %s %s protocol %v pref %d", dev, filterParent(f.Parent), f.Protocol, f.Preference)
	if verb == Delete {
		return []string{"tc filter delete " + where}
	}
	var lines []string
	for _, e := range f.Spec.Elements() {
		lines = append(lines, join("tc filter add", where, e))
	}
	return lines
}

func filterParent(h Handle) string {
	switch h {
	case HandleIngress:
		return "ingress"
	case HandleEgress:
		return "egress"
	}
	return "parent " + h.String()
}

// Protocol is an EtherType, as include/uapi/linux/if_ether.h names it.
type Protocol uint16

// The protocols that our filters look at.
const (
	ProtoAll  Protocol = 0x0003 // ETH_P_ALL
	ProtoIP   Protocol = 0x0800
	ProtoARP  Protocol = 0x0806
	ProtoIPv6 Protocol = 0x86dd
)

var protocolNames = map[Protocol]string{ProtoAll: "all", ProtoIP: "ip", ProtoARP: "arp", ProtoIPv6: "ipv6"}

// String prints the protocol as tc(8) does.
func (p Protocol) String() string {
	if name, ok := protocolNames[p]; ok {
		return name
	}
	return fmt.Sprintf("0x%04x", uint16(p))
}

// ParseProtocol reads a protocol's name or number.
func ParseProtocol(s string) (Protocol, error) {
	for p, name := range protocolNames {
		if s == name {
			return p, nil
		}
	}
	if !strings.HasPrefix(s, "0x") {
		return 0, fmt.Errorf("%q is not a protocol (all, ip, ipv6, arp or 0xHEX)", s)
	}
	v, err := parseUint16(s)
	return Protocol(v), err
}

// Redirect is the action that moves a packet to another device's egress
// (tc-mirred(8): mirred egress redirect).
type Redirect struct{ Device string }

// Args prints the action.
func (r Redirect) Args() string { return "action mirred egress redirect dev " + r.Device }
