// SPDX-License-Identifier: Apache-2.0

package tc

import "slices"

// Equal tells whether what is there is what is wanted, in all that the kernel
// can tell. It cannot tell netem's distribution tables (netem_dump does not
// send them), so these do not count; it tells a seed of its own where none is
// wanted; it tells a burst in ticks; and a filter's preference within its slot
// has no meaning. A program is told by its name.
func Equal(have, want Object) bool {
	h, w := visible(have, want), visible(want, want)
	if f, ok := h.(Filter); ok {
		g, ok := w.(Filter)
		return ok && f.equal(g)
	}
	return h == w // all of these but filters are comparable: reflection takes ten times as long
}

// Complete returns a qdisc that is there as it would be made again. Where it is
// Equal to the wanted one, that is the wanted one: it has what the kernel does not
// tell, such as the burst of a TBF whose rate makes it less than a tick. Other
// objects are told in full.
func Complete(have, want Object) Object {
	if _, ok := have.(Qdisc); ok && want != nil && Equal(have, want) {
		return want
	}
	return have
}

// equal compares filters as visible returns them.
func (f Filter) equal(g Filter) bool {
	if f.Parent != g.Parent || f.Preference != g.Preference || f.Protocol != g.Protocol {
		return false
	}
	u, isU32 := f.Spec.(U32)
	v, ok := g.Spec.(U32)
	if !isU32 || !ok {
		return isU32 == ok && f.Spec == g.Spec
	}
	return slices.EqualFunc(u.Nodes, v.Nodes, func(a, b U32Node) bool {
		return a.FlowID == b.FlowID && slices.Equal(a.Keys, b.Keys) &&
			(a.Redirect == b.Redirect || a.Redirect != nil && b.Redirect != nil && *a.Redirect == *b.Redirect)
	})
}

// visible returns o without what the kernel does not tell, or want leaves open.
func visible(object, want Object) Object {
	switch o := object.(type) {
	case Qdisc:
		switch spec := o.Spec.(type) {
		case Netem:
			spec.Distribution, spec.Slot.Distribution = Distribution{}, Distribution{}
			if w, ok := want.(Qdisc).Spec.(Netem); ok && !w.Seed.Set {
				spec.Seed = Seed{}
			}
			o.Spec = spec
		case TBF:
			spec.Burst = RoundBurst(spec.Rate, spec.Burst)
			o.Spec = spec
		default:
			return object
		}
		return o
	case Class:
		o.HTB.Burst, o.HTB.Cburst = RoundBurst(o.HTB.Rate, o.HTB.Burst), RoundBurst(o.HTB.Ceil, o.HTB.Cburst)
		return o
	case Filter:
		o.Preference -= o.Preference % SlotSize
		if b, ok := o.Spec.(BPF); ok {
			o.Spec = BPF{Name: b.Name, DirectAction: b.DirectAction}
		}
		return o
	}
	return object
}
