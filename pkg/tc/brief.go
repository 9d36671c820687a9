// SPDX-License-Identifier: Apache-2.0

package tc

import "fmt"

// brief prints an object without its place.
func brief(o Object) string {
	switch o := o.(type) {
	case Qdisc:
		return join(o.Spec.Kind(), o.Handle.String(), o.Spec.Args())
	case Class:
		return join("htb", o.HTB.Args())
	case Link:
		return fmt.Sprintf("%s txqueuelen %d mtu %d", o.Kind, o.TxQueueLen, o.MTU)
	case Filter:
		return fmt.Sprintf("%s with %d elements", o.Spec.Kind(), len(o.Spec.Elements()))
	}
	return fmt.Sprint(o)
}

// differing prints two objects of a slot, or of two filters the first elements
// that differ.
func differing(have, want Object) (string, string) {
	h, ok := have.(Filter)
	if !ok {
		return brief(have), brief(want)
	}
	a, b := h.Spec.Elements(), want.(Filter).Spec.Elements()
	for i := range max(len(a), len(b)) {
		if got, wanted := element(a, i), element(b, i); got != wanted {
			return got, wanted
		}
	}
	return brief(have), brief(want)
}

func element(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "nothing"
}
