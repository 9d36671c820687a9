// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// redirected returns where a filter that is not ours leads what arrives, be it
// a part of it.
func redirected(have tc.Tree) string {
	for _, o := range have.Objects {
		f, ok := o.(tc.Filter)
		if !ok || plan.Owns(f) || f.Parent.Major() != tc.IngressMajor || f.Parent == tc.HandleEgress {
			continue
		}
		u, _ := f.Spec.(tc.U32)
		for _, n := range u.Nodes {
			if n.Redirect != nil && n.Redirect.Device != "" {
				return n.Redirect.Device
			}
		}
	}
	return ""
}
