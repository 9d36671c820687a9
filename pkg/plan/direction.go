// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"net/netip"
	"slices"

	"tcni.dev/conf"
	"tcni.dev/pkg/tc"
)

// builder makes one direction's tree.
type builder struct {
	direction string
	site      Site
	exempt    []netip.Addr
	maxQueue  tc.Size

	classifier  conf.Classifier
	programless bool
	plan        *Plan

	link    conf.Impairment // the direction's own impairment
	classes []class         // the default class first, then those of rules
	shared  map[conf.Impairment]tc.Handle
}

// class is a leaf below the link.
type class struct {
	handle tc.Handle
	rule   string // where it was asked for; "" for the direction's own
	conf.Impairment
}

// label says where in the configuration the class comes from.
func (c class) label(direction string) string {
	if c.rule == "" {
		return direction
	}
	return direction + ": " + c.rule
}

// manyClasses is how many impaired classes may be busy at once before HTB's
// cost for each packet is felt: it asks every backlogged leaf that holds its
// packets back (18 µs for a packet at 100 of them, 1.5 µs at none).
const manyClasses = 50

func (b *builder) build(d conf.Direction) error {
	b.link, b.shared = d.Impairment, map[conf.Impairment]tc.Handle{}
	b.classes = []class{{classID(minorDefault), "", d.Impairment}}
	b.plan.Classes = slices.Grow(b.plan.Classes, 1+len(d.Rules))
	b.use("", classID(minorDefault))
	routes := slices.Grow(exemptRoutes(b.exempt), len(d.Rules))
	for i, r := range d.Rules {
		handle, err := b.classFor(i, r)
		if err != nil {
			return fmt.Errorf("%s: %w", ruleLabel(i), err)
		}
		b.use(r.Name, handle)
		routes = append(routes, tc.Route{Match: tc.Match(r.Match), Class: handle})
	}
	if n := len(b.classes); n > manyClasses {
		b.plan.warn("%s: %d distinct impairments: when more than about %d are busy at once, each packet costs HTB more than 10 µs", b.direction, n, manyClasses)
	}
	objects, err := b.objects(routes)
	if err != nil {
		return err
	}
	b.plan.add(b.site.Where, b.site.Device.Name, objects...)
	if from := b.site.RedirectFrom; from != nil {
		if from.Before != "" {
			b.plan.warn("%s: a filter of somebody else's on %s %s, %s, is asked first: what it takes passes unshaped", b.direction, b.site.Where, from.Name, from.Before)
		}
		b.plan.add(b.site.Where, from.Name, b.site.redirect()...)
	}
	return nil
}

func (b *builder) use(rule string, class tc.Handle) {
	b.plan.Classes = append(b.plan.Classes, ClassUse{b.direction, rule, class})
}

// ruleLabel is rule i's path: names may be of people's own making.
func ruleLabel(i int) string { return conf.RuleLabel("", i) }

// classFor returns the class of rule i's packets. Rules share a class where one
// queue for both does what two would do.
func (b *builder) classFor(i int, r conf.Rule) (tc.Handle, error) {
	if r.Impairment.IsZero() {
		return Unshaped, nil
	}
	if b.link.Framing.NetemOnly() {
		return 0, conf.ErrNotHeld
	}
	share := sharable(r.Impairment)
	if handle, ok := b.shared[r.Impairment]; ok && share {
		return handle, nil
	}
	minor := int(minorFirst) + len(b.classes) - 1
	if minor > int(minorLast) {
		return 0, fmt.Errorf("more than %d distinct impairments", int(minorLast-minorFirst)+1)
	}
	handle := classID(uint16(minor))
	b.classes = append(b.classes, class{handle, ruleLabel(i), r.Impairment})
	b.shared[r.Impairment] = handle
	return handle, nil
}

// sharable tells whether two flows in one queue fare as in two: not where they
// would divide a rate or a buffer, nor where what happens to a packet depends
// on the one before.
func sharable(i conf.Impairment) bool {
	n := i.Netem
	independent := n.Loss.Model == tc.LossNone || n.Loss.Model == tc.LossRandom && n.Loss.P[1] == 0
	return i.Rate == 0 && i.Ceil == 0 && i.Buffer == (conf.Buffer{}) && independent && !n.Slot.Active() &&
		n.DelayCorr == 0 && n.DuplicateCorr == 0 && n.CorruptCorr == 0 && n.Reorder == 0 && n.Gap == 0 && !n.Seed.Set &&
		n.Limit == 0 && n.Rate == 0 && (n.Jitter == 0 || !keepsOrder(i))
}

// objects lists the direction's tree, a parent before its children.
func (b *builder) objects(routes []tc.Route) ([]tc.Object, error) {
	out := append(b.site.link(),
		tc.Qdisc{Parent: b.site.Parent, Handle: Root, Spec: tc.HTB{Default: minorDefault, R2Q: 10, DirectQueue: ifbQueueLen}},
		tc.Class{Parent: Root, Handle: classID(minorLink), HTB: b.linkClass()},
		tc.Class{Parent: Root, Handle: Unshaped, HTB: b.htb(unlimited, unlimited, 0, conf.Framing{})},
		b.fifo(Unshaped),
	)
	share, err := b.share()
	if err != nil {
		return nil, err
	}
	var leaves []tc.HTBClass
	for _, c := range b.classes {
		h := b.leafClass(c, share)
		leaves = append(leaves, h)
		out = append(out, tc.Class{Parent: classID(minorLink), Handle: c.handle, HTB: h})
		out = append(out, b.leaf(c)...)
	}
	b.warnDebt(leaves)
	filters, err := b.filters(routes)
	return append(out, filters...), err
}
