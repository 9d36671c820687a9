// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"

	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
)

// ruleNames lists the names that rules have in the attachments.
func ruleNames(list []attach.Known) (out []string) {
	for _, k := range list {
		s := k.Record.Shape()
		for _, d := range []*conf.Direction{s.Egress, s.Ingress} {
			if d == nil {
				continue
			}
			for _, r := range d.Rules {
				if r.Name != "" && !slices.Contains(out, r.Name) {
					out = append(out, r.Name)
				}
			}
		}
	}
	return out
}
