// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"strings"

	"tcni.dev/pkg/tc"
)

// Every number that our objects carry. Majors below 0x8000 are never given out
// by the kernel itself (TC_H_MAKE(0x80000000U, 0) in net/sched/sch_api.c).
const (
	htbMajor     uint16 = 0x7c00 // the HTB of a direction
	netemMajor   uint16 = 0x1000 // + the class's minor: its netem, or its fifo where it has none
	segmentMajor uint16 = 0x3000 // + the class's minor: its segmenter
	bufferMajor  uint16 = 0x5000 // + the class's minor: the buffer in front of its rate

	minorLink     uint16 = 1
	minorUnshaped uint16 = 2
	minorDefault  uint16 = 3
	minorFirst    uint16 = 0x10 // of the classes of rules
	minorLast     uint16 = 0x1fff

	prefARP       uint16 = 1000
	prefNeighbour uint16 = 2000
	prefLinear    uint16 = 2500
	prefIPv4      uint16 = 3000
	prefIPv6      uint16 = 4000
	prefProgram   uint16 = 5000
)

// Root is the handle of our HTB qdiscs.
const Root = tc.Handle(uint32(htbMajor) << 16)

// Unshaped is the class of packets that are let through: what iptables'
// CLASSIFY target may name.
var Unshaped = classID(minorUnshaped)

func classID(minor uint16) tc.Handle { return tc.MakeHandle(htbMajor, minor) }

// RedirectPreference is that of the filter that leads what arrives to an IFB,
// behind the filters of others.
const RedirectPreference uint16 = 31000

// IFBPrefix is what the names of our IFBs begin with.
const IFBPrefix = "tcni"

// Owns tells whether an object is one that Build makes. The clsact qdisc is
// not: others may have come to use it.
func Owns(o tc.Object) bool {
	switch o := o.(type) {
	case tc.Link:
		return true
	case tc.Qdisc:
		return o.Handle == Root || hangsOnOurs(o)
	case tc.Class:
		return o.Handle.Major() == htbMajor
	case tc.Filter:
		return o.Parent == Root || isRedirect(o)
	}
	return false
}

// hangsOnOurs tells whether a qdisc has the number that follows from what it
// hangs on: a number alone may be anybody's.
func hangsOnOurs(q tc.Qdisc) bool {
	major, parent := q.Handle.Major(), q.Parent.Major()
	switch {
	case parent == htbMajor:
		m := q.Parent.Minor()
		return major == netemMajor+m || major == segmentMajor+m
	case q.Parent.Minor() != 1:
		return false
	case parent > segmentMajor && parent <= segmentMajor+minorLast:
		return major == parent-segmentMajor+netemMajor
	case parent > netemMajor && parent <= netemMajor+minorLast:
		return major == parent-netemMajor+bufferMajor
	}
	return false
}

// isRedirect tells whether a filter leads what arrives to an IFB of ours, or led
// it to one that has gone.
func isRedirect(f tc.Filter) bool {
	if f.Parent != tc.HandleIngress || f.Preference/tc.SlotSize != RedirectPreference/tc.SlotSize {
		return false
	}
	u, _ := f.Spec.(tc.U32)
	return len(u.Nodes) == 1 && u.Nodes[0].Redirect != nil &&
		(u.Nodes[0].Redirect.Device == "" || strings.HasPrefix(u.Nodes[0].Redirect.Device, IFBPrefix))
}

// Removal returns the steps that take everything of ours from an end of an
// interface whose HTB, if there is one, hangs on parent. The HTB is named by its
// handle: the kernel refuses to delete another in its place.
func Removal(parent tc.Handle) []tc.Op {
	return []tc.Op{
		{Verb: tc.Delete, Object: tc.Filter{Parent: tc.HandleIngress, Preference: RedirectPreference, Protocol: tc.ProtoAll, Spec: tc.U32{}}},
		{Verb: tc.Delete, Object: tc.Qdisc{Parent: parent, Handle: Root, Spec: tc.HTB{}}},
	}
}
