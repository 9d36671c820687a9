// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"slices"

	"tcni.dev/conf"
	"tcni.dev/pkg/bpf"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
)

// Classifier is what counted a rule's packets.
type Classifier string

// The classifiers. A program counts packets on the wire; u32 counts a GSO packet
// once, and only in kernels with CONFIG_CLS_U32_PERF.
const (
	NoClassifier Classifier = ""
	ByProgram    Classifier = "bpf"
	ByU32        Classifier = "u32"
)

// Taken is what a classifier took for one rule since it was made: at ADD, or
// when a rule last went to another class. What is lost later is among it.
type Taken struct {
	By      Classifier
	Packets uint64
	Bytes   uint64 // 0 by u32
}

// taken tells what each rule of a direction took, by the classifier: nil where
// each has a class of its own, which tells more.
func (p *place) taken(direction string, a Attachment, made *plan.Plan) ([]Taken, error) {
	site, rules := made.Egress, a.Egress
	if direction == "ingress" {
		site, rules = made.Ingress, a.Ingress
	}
	if site == nil || !shares(direction, made) {
		return nil, nil
	}
	at := spot{site.Where, site.Device.Name}
	elements, err := p.conn(site.Where).Elements(p.device0(at), plan.Root)
	if err != nil {
		return nil, err
	}
	out := make([]Taken, len(rules.Rules))
	for _, e := range elements {
		if e.Kind == "bpf" && e.Name != bpf.Linear.Name {
			return byProgram(out, e.Program), nil
		}
	}
	e, err := p.exempt(a)
	if err != nil {
		return nil, err
	}
	a.Conf = apart(*a.Conf)
	each, err := p.build(a, e)
	if err != nil {
		return nil, err
	}
	return byU32(out, elements, owners(direction, each, treeAt(each, at))), nil
}

// shares tells whether a rule of the direction meets others in its class.
func shares(direction string, made *plan.Plan) bool {
	seen := []tc.Handle{plan.Unshaped}
	for _, u := range made.Uses(direction) {
		if slices.Contains(seen, u.Class) {
			return true
		}
		seen = append(seen, u.Class)
	}
	return false
}

// byProgram reads the program's counters. Routes that exempt the node go before
// those of the rules. Who may not ask for programs learns nothing.
func byProgram(out []Taken, id uint32) []Taken {
	counts, err := bpf.Counters(id)
	first := len(counts) - len(out)
	if err != nil || first < 0 {
		return out
	}
	for i, c := range counts[first:] {
		out[i] = Taken{ByProgram, c.Packets, c.Bytes}
	}
	return out
}

// apart is the same rules with an impairment each, so that in the plan of it
// each has a class of its own. What the filters match does not depend on it.
func apart(c conf.Conf) *conf.Conf {
	for _, d := range []**conf.Direction{&c.Egress, &c.Ingress} {
		if *d == nil {
			continue
		}
		copied := **d
		copied.Rules = slices.Clone(copied.Rules)
		for i := range copied.Rules {
			copied.Rules[i].Impairment = conf.Impairment{Rate: tc.Rate(i+1) * tc.Mbit}
		}
		*d = &copied
	}
	return &c
}

// u32Node names a node, whatever the preference of its filter is by now.
type u32Node struct {
	slot     uint16
	protocol tc.Protocol
	number   uint32
}

// owners tells the rule that each u32 node was made for.
func owners(direction string, each *plan.Plan, tree tc.Tree) map[u32Node]int {
	rules := map[tc.Handle]int{}
	for i, u := range each.Uses(direction) {
		rules[u.Class] = i - 1 // the first is what no rule takes
	}
	out := map[u32Node]int{}
	for _, o := range tree.Objects {
		f, _ := o.(tc.Filter)
		spec, _ := f.Spec.(tc.U32)
		for i, unit := range spec.Nodes {
			if rule, ok := rules[unit.FlowID]; ok && rule >= 0 {
				out[u32Node{f.Preference / tc.SlotSize, f.Protocol, uint32(i + 1)}] = rule
			}
		}
	}
	return out
}

// byU32 sums the nodes of each rule up.
func byU32(out []Taken, elements []rtnl.Element, owner map[u32Node]int) []Taken {
	for _, e := range elements {
		rule, ok := owner[u32Node{e.Preference / tc.SlotSize, e.Protocol, e.Node}]
		if ok && e.Counts {
			out[rule].By = ByU32
			out[rule].Packets += e.Hits
		}
	}
	return out
}
