// SPDX-License-Identifier: Apache-2.0

package client

import (
	"tcni.dev/pkg/view"
)

// Counted is what the rule of one direction counted; false where there is no
// such rule. A rule of no name is called rules[N], what no rule takes "default".
func Counted(s view.Stats, direction, rule string) (view.Counts, bool) {
	for _, d := range s.Directions {
		for _, c := range d.Classes {
			for _, r := range c.Rules {
				if d.Direction == direction && r == rule {
					return c.Counts, true
				}
			}
		}
	}
	return view.Counts{}, false
}

// Came is what came for one rule, lost packets included; false where there is no
// such rule. See view.Rule.Exact where rules share a class.
func Came(s view.Stats, direction, rule string) (view.Rule, bool) {
	for _, d := range s.Directions {
		for _, r := range d.Rules {
			if d.Direction == direction && r.Rule == rule {
				return r, true
			}
		}
	}
	return view.Rule{}, false
}
