// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"slices"
	"time"

	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/view"
)

// Read reads the counters of attachments, several at a time. An attachment that
// has none says why in its Error.
func Read(h *attach.Host, list []attach.Known, now time.Time) []view.Stats {
	out := make([]view.Stats, len(list))
	attach.Each(len(list), func(i int) { out[i] = read(h, list[i], now) })
	return out
}

func read(h *attach.Host, k attach.Known, now time.Time) view.Stats {
	r := k.Record
	s := view.Stats{
		Name: k.Name(), Mark: string(k.Mark), Network: r.Network, ContainerID: r.ContainerID, IfName: r.IfName,
		Pod: r.Pod, Time: now, Directions: []view.Direction{},
	}
	if k.Err != nil {
		s.Error = k.Err.Error()
		return s
	}
	counted, err := attach.Count(h, r)
	if err != nil {
		s.Error = err.Error()
		return s
	}
	for _, d := range []measured{
		{"egress", counted.Plan.Egress, counted.Egress, counted.EgressRules},
		{"ingress", counted.Plan.Ingress, counted.Ingress, counted.IngressRules},
	} {
		if d.site != nil {
			s.Directions = append(s.Directions, d.view(counted))
		}
	}
	return s
}

// measured is what was read of one direction.
type measured struct {
	name  string
	site  *plan.Site
	raw   []rtnl.Stats
	taken []attach.Taken
}

func (r measured) view(counted *attach.Counted) view.Direction {
	d := view.Direction{Direction: r.name, Where: string(r.site.Where), Device: r.site.Device.Name, Classes: []view.Class{}, Rules: []view.Rule{}}
	q := index(r.raw)
	for _, c := range classes(r.name, counted.Plan) {
		class, ok := q.class[c.handle]
		if !ok {
			continue // not there: show tells of drift
		}
		counts := q.counts(class, counted.Ceil(r.site, c.handle))
		d.Classes = append(d.Classes, view.Class{Class: c.handle.String(), Rules: c.rules, Counts: counts})
		add(&d.Total, counts)
	}
	for i, u := range uses(r.name, counted.Plan) {
		if k := slices.IndexFunc(d.Classes, func(c view.Class) bool { return c.Class == u.handle.String() }); k >= 0 {
			d.Rules = append(d.Rules, rule(u.rule, d.Classes[k], r.takenBy(i-1)))
		}
	}
	return d
}

// takenBy returns what a classifier counted for a rule.
func (r measured) takenBy(i int) attach.Taken {
	if i < 0 || i >= len(r.taken) {
		return attach.Taken{}
	}
	return r.taken[i]
}
