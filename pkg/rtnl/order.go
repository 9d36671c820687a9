// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"cmp"
	"slices"

	"tcni.dev/pkg/tc"
)

// objects is what was found on a device.
type objects struct {
	qdiscs  []tc.Qdisc
	classes []tc.Class
	filters []tc.Filter
}

// inOrder returns the objects with every parent before what hangs on it: a
// qdisc, its classes, what hangs on them, its filters; by handle among equals.
// The kernel lists them in the order of a hash.
func (f *objects) inOrder() []tc.Object {
	slices.SortFunc(f.qdiscs, func(a, b tc.Qdisc) int {
		return cmp.Or(cmp.Compare(a.Parent, b.Parent), cmp.Compare(a.Handle, b.Handle))
	})
	slices.SortFunc(f.classes, func(a, b tc.Class) int { return cmp.Compare(a.Handle, b.Handle) })
	slices.SortStableFunc(f.filters, func(a, b tc.Filter) int { return cmp.Compare(a.Preference, b.Preference) })
	o := ordering{
		below: map[uint16][]tc.Qdisc{}, inner: map[tc.Handle][]tc.Class{}, filters: map[uint16][]tc.Filter{},
		out: make([]tc.Object, 0, len(f.qdiscs)+len(f.classes)+len(f.filters)),
	}
	var top []tc.Qdisc
	for _, q := range f.qdiscs {
		if q.Parent == tc.HandleRoot || q.Parent == tc.HandleClsact {
			top = append(top, q)
			continue
		}
		o.below[q.Parent.Major()] = append(o.below[q.Parent.Major()], q)
	}
	for _, c := range f.classes {
		o.inner[c.Parent] = append(o.inner[c.Parent], c)
	}
	for _, filter := range f.filters {
		o.filters[filter.Parent.Major()] = append(o.filters[filter.Parent.Major()], filter)
	}
	slices.Reverse(top) // the root, then clsact
	for _, q := range top {
		o.qdisc(q)
	}
	for _, q := range f.qdiscs { // what hangs on a qdisc without a handle, as mq's
		for _, q := range o.take(q.Parent.Major()) {
			o.qdisc(q)
		}
	}
	return o.out
}

// ordering holds what is not written yet: qdiscs and filters by the major
// number of their parent, classes by their parent.
type ordering struct {
	below   map[uint16][]tc.Qdisc
	inner   map[tc.Handle][]tc.Class
	filters map[uint16][]tc.Filter
	out     []tc.Object
}

// take returns the qdiscs below a major number, once.
func (o *ordering) take(major uint16) []tc.Qdisc {
	below := o.below[major]
	delete(o.below, major)
	return below
}

func (o *ordering) qdisc(q tc.Qdisc) {
	o.out = append(o.out, q)
	o.classesOf(q.Handle)
	for _, child := range o.take(q.Handle.Major()) {
		o.qdisc(child)
	}
	for _, f := range o.filters[q.Handle.Major()] {
		o.out = append(o.out, f)
	}
	delete(o.filters, q.Handle.Major())
}

func (o *ordering) classesOf(parent tc.Handle) {
	below := o.inner[parent]
	delete(o.inner, parent)
	for _, c := range below {
		o.out = append(o.out, c)
		o.classesOf(c.Handle)
	}
}
