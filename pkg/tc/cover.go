// SPDX-License-Identifier: Apache-2.0

package tc

// coveredByAny tells whether o goes away by itself when one of gone does.
func coveredByAny(o Object, gone []Object) bool {
	for _, g := range gone {
		if covers(g, o) {
			return true
		}
	}
	return false
}

// forget takes what goes away with gone out of there.
func forget(there map[slot]Object, gone Object) {
	for at, o := range there {
		if covers(gone, o) {
			delete(there, at)
			forget(there, o)
		}
	}
}

// covers tells whether deleting g deletes o: a link takes all with it, a qdisc
// its classes, filters and the qdiscs below, a class its qdisc. A class with
// filters that point to it does not go (EBUSY), so it covers no filter.
func covers(g, o Object) bool {
	switch g := g.(type) {
	case Link:
		return g != o
	case Qdisc:
		return parentOf(o).Major() == g.Handle.Major() && g.Handle != 0
	case Class:
		q, ok := o.(Qdisc)
		return ok && q.Parent == g.Handle
	}
	return false
}

// parentOf returns what an object hangs on. The hooks of clsact and ingress
// belong to the qdisc ffff:.
func parentOf(o Object) Handle {
	switch o := o.(type) {
	case Qdisc:
		if o.Parent == HandleRoot || o.Parent == HandleClsact {
			return HandleNone
		}
		return o.Parent
	case Class:
		return o.Parent
	case Filter:
		return o.Parent
	}
	return HandleNone
}
