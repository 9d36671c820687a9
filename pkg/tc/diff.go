// SPDX-License-Identifier: Apache-2.0

package tc

import "fmt"

// Op is one step from the objects that are there to those that are wanted.
type Op struct {
	Verb   Verb
	Object Object // what is wanted; for Delete, what is there
	Have   Object // what is there in its place; nil if nothing is
}

// Lines prints the commands that do the step on device dev.
func (o Op) Lines(dev string) []string { return o.Object.Lines(o.Verb, dev) }

// String says what differs, as want and got.
func (o Op) String() string {
	switch o.Verb {
	case Add:
		if o.Have != nil {
			break
		}
		return fmt.Sprintf("%s: want %s, got nothing", o.Object.Slot(), brief(o.Object))
	case Delete:
		return fmt.Sprintf("%s: want nothing, got %s", o.Object.Slot(), brief(o.Object))
	}
	got, want := differing(o.Have, o.Object)
	return fmt.Sprintf("%s: want %s, got %s", o.Object.Slot(), want, got)
}

// Differences says what differs, as want and got, one line for each slot.
func Differences(ops []Op) []string {
	var slots []string
	lines := map[string]string{}
	for _, o := range ops {
		slot := o.Object.Slot()
		if _, ok := lines[slot]; !ok {
			slots = append(slots, slot)
		} else if o.Have == nil {
			continue // what makes room for, or goes after, the change
		}
		lines[slot] = o.String()
	}
	var out []string
	for _, slot := range slots {
		out = append(out, lines[slot])
	}
	return out
}

// Diff returns the steps from have to want, in the order in which they can be
// done: what is new or changed first, from the root to the leaves, then what is
// gone, from the leaves to the root. No step means that have is what is wanted.
//
// Objects of have that own does not claim are foreign. They are left alone; one
// that stands where something is wanted is a *ForeignError, the first of them;
// the steps that come with it are to be shown, not done. Qdiscs without a handle,
// which the kernel attaches by itself, count as nothing.
//
// A filter is never changed in place: it is put under another preference of its
// slot, and the old one goes in one step, so that every packet meets either
// the old list or the new one.
func Diff(have, want Tree, own func(Object) bool) ([]Op, error) {
	var ops, gone []Op
	var foreign error
	there, wanted := have.bySlot(), make(map[slot]bool, len(want.Objects))
	for _, w := range want.Objects {
		at := slotOf(w)
		wanted[at] = true
		h := there[at]
		switch {
		case h == nil:
			ops = append(ops, Op{Verb: Add, Object: w})
		case Equal(h, w):
		case !own(h):
			ops = append(ops, Op{Verb: Replace, Object: w, Have: h})
			if foreign == nil {
				foreign = &ForeignError{Device: want.Device, Object: h}
			}
		default:
			now, later := alter(h, w)
			if now[0].Verb == Replace {
				forget(there, h)
			}
			ops = append(ops, now...)
			gone = append(gone, later...)
		}
	}
	var unwanted []Object
	for i := len(have.Objects) - 1; i >= 0; i-- {
		if at := slotOf(have.Objects[i]); there[at] != nil && !wanted[at] && own(there[at]) {
			unwanted = append(unwanted, there[at])
		}
	}
	for _, o := range unwanted {
		if !coveredByAny(o, unwanted) {
			gone = append(gone, Op{Verb: Delete, Object: o})
		}
	}
	return append(ops, gone...), foreign
}

// ForeignError says that somebody else's object stands where one is wanted.
type ForeignError struct {
	Device string
	Object Object
}

// Error names the object.
func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s: %s is taken by %s, which is not ours", e.Device, e.Object.Slot(), brief(e.Object))
}

// alter returns the steps that put w in h's place, and those that must come
// after everything else.
func alter(h, w Object) (now, later []Op) {
	switch w := w.(type) {
	case Filter:
		return alterFilter(h.(Filter), w)
	case Qdisc:
		old := h.(Qdisc)
		if old.Handle != w.Handle || old.Spec.Kind() != w.Spec.Kind() || w.Spec.Kind() == "htb" {
			return []Op{{Verb: Replace, Object: w, Have: h}}, nil
		}
	}
	return []Op{{Verb: Change, Object: w, Have: h}}, nil
}

// alterFilter puts w under a higher preference than old's, so that old stays in
// force until it is deleted. At the end of the slot, old is first copied to the
// slot's beginning: a part of a list before the whole of it changes nothing. A
// program cannot be copied, since no dump tells what it is made of: w itself goes
// to the beginning, and what it does not take is asked of old a moment longer.
func alterFilter(old, w Filter) (now, later []Op) {
	atEnd := old.Preference%SlotSize == SlotSize-1
	if _, program := old.Spec.(BPF); program && atEnd {
		w.Preference = old.Preference - (SlotSize - 1)
		return []Op{{Verb: Add, Object: w, Have: old}}, []Op{{Verb: Delete, Object: old}}
	}
	if atEnd {
		moved := old
		moved.Preference -= SlotSize - 1
		now = []Op{{Verb: Add, Object: moved}, {Verb: Delete, Object: old}}
		old = moved
	}
	w.Preference = old.Preference + 1
	return append(now, Op{Verb: Add, Object: w, Have: old}), []Op{{Verb: Delete, Object: old}}
}
