// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"fmt"
	"iter"

	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// redirected returns where a filter that is not ours leads what arrives, be it
// a part of it.
func redirected(have tc.Tree) string {
	for f := range foreignAtHook(have) {
		u, _ := f.Spec.(tc.U32)
		for _, n := range u.Nodes {
			if n.Redirect != nil && n.Redirect.Device != "" {
				return n.Redirect.Device
			}
		}
	}
	return ""
}

// before names the first filter that is not ours and is asked before our
// redirect would be. What it takes, with an action that ends the search or in
// a class, never comes to ours (tcf_classify in net/sched/cls_api.c).
func before(have tc.Tree) string {
	for f := range foreignAtHook(have) {
		if f.Preference < plan.RedirectPreference {
			return fmt.Sprintf("%s with preference %d", f.Spec.Kind(), f.Preference)
		}
	}
	return ""
}

// foreignAtHook are the filters at the ingress hook that are not ours, in their
// order.
func foreignAtHook(have tc.Tree) iter.Seq[tc.Filter] {
	return func(yield func(tc.Filter) bool) {
		for _, o := range have.Objects {
			f, ok := o.(tc.Filter)
			if ok && !plan.Owns(f) && f.Parent.Major() == tc.IngressMajor && f.Parent != tc.HandleEgress && !yield(f) {
				return
			}
		}
	}
}
