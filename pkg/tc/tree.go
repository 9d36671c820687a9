// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"slices"
	"strings"
)

// Tree is all objects on one device, a parent before what hangs on it.
type Tree struct {
	Where   Where
	Device  string
	Objects []Object
}

// Where is the network namespace that a device is in.
type Where string

// The two namespaces of an attachment.
const (
	InContainer Where = "container"
	OnHost      Where = "host"
)

// Lines prints the commands that make the tree, in order.
func (t Tree) Lines() []string {
	var out []string
	for _, o := range t.Objects {
		out = append(out, o.Lines(Add, t.Device)...)
	}
	return out
}

// header is the comment above a tree's commands, which ParseTrees reads back.
func (t Tree) header() string { return "# " + string(t.Where) + " " + t.Device }

// Text prints trees as a script of tc(8) and ip(8) commands, with a comment
// above each that says where it is.
func Text(trees []Tree) string {
	var b strings.Builder
	for i, t := range trees {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(t.header() + "\n")
		for _, line := range t.Lines() {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// Find returns the object in a slot, or nil. A qdisc without a handle is one
// that the kernel attached by itself and gives way to any other.
func (t Tree) Find(slot string) Object {
	for _, o := range slices.Backward(t.Objects) {
		if counts(o) && o.Slot() == slot {
			return o
		}
	}
	return nil
}

func (t Tree) bySlot() map[slot]Object {
	m := make(map[slot]Object, len(t.Objects))
	for _, o := range t.Objects {
		if counts(o) {
			m[slotOf(o)] = o
		}
	}
	return m
}

// slot is an Object.Slot to compare: who looks at a thousand trees compares tens
// of thousands. Only a filter has a protocol and a number.
type slot struct {
	kind     string
	at       Handle
	protocol Protocol
	number   uint16
}

// String is the beginning that all have.
func (s slot) String() string { return s.kind + " " + s.at.String() }

func slotOf(o Object) slot {
	switch o := o.(type) {
	case Qdisc:
		return o.slot()
	case Class:
		return o.slot()
	case Filter:
		return o.slot()
	}
	return slot{kind: o.Slot()}
}

// counts is false for the qdisc that the kernel gives who has none.
func counts(o Object) bool {
	q, ok := o.(Qdisc)
	return !ok || q.Handle != HandleNone
}

// Root returns the device's root qdisc, if there is one with a handle.
func (t Tree) Root() (Qdisc, bool) {
	q, ok := t.Find(Qdisc{Parent: HandleRoot}.Slot()).(Qdisc)
	return q, ok
}
