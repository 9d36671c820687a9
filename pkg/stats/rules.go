// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"slices"

	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
	"tcni.dev/pkg/view"
)

// use is a rule and the class that its packets go to.
type use struct {
	rule   string
	handle tc.Handle
}

// uses lists a direction's rules in their order, what no rule takes first.
func uses(direction string, p *plan.Plan) (out []use) {
	for i, u := range p.Uses(direction) {
		name := view.RuleDefault
		if i > 0 {
			name = conf.RuleLabel(u.Rule, i-1)
		}
		out = append(out, use{name, u.Class})
	}
	return out
}

// used is a class with the rules whose packets go there.
type used struct {
	handle tc.Handle
	rules  []string
}

// classes lists a direction's classes in the order of their first rules, the
// unshaped last.
func classes(direction string, p *plan.Plan) []used {
	list, unshaped := []used{}, used{handle: plan.Unshaped, rules: []string{view.RuleUnshaped}}
	for _, u := range uses(direction, p) {
		if u.handle == plan.Unshaped {
			unshaped.rules = append(unshaped.rules, u.rule)
			continue
		}
		i := slices.IndexFunc(list, func(c used) bool { return c.handle == u.handle })
		if i < 0 {
			list = append(list, used{handle: u.handle})
			i = len(list) - 1
		}
		list[i].rules = append(list[i].rules, u.rule)
	}
	return append(list, unshaped)
}

// rule tells what came for a rule: by its class where it has that alone, else by
// the classifier, else by the class that it shares.
func rule(name string, c view.Class, taken attach.Taken) view.Rule {
	r := view.Rule{Rule: name, Class: c.Class, Packets: c.Offered(), By: view.ByClass, Drops: c.Drops}
	if len(c.Rules) == 1 {
		return r
	}
	r.SharedWith = slices.DeleteFunc(slices.Clone(c.Rules), func(other string) bool { return other == name })
	switch taken.By {
	case attach.ByProgram:
		r.By, r.Packets, r.Bytes = view.ByBPF, taken.Packets, taken.Bytes
	case attach.ByU32:
		r.By, r.Packets = view.ByU32, taken.Packets
	default:
		r.By = view.ByShared
	}
	return r
}
