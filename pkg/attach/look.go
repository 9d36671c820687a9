// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"slices"

	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
)

// look reads what is on all devices that may carry something of ours.
func (p *place) look() error {
	p.have = map[spot]tc.Tree{}
	for _, where := range []tc.Where{tc.InContainer, tc.OnHost} {
		if where == tc.OnHost && p.from != nil && !p.from.names[p.mark.IFB()] {
			continue
		}
		tree, err := p.conn(where).DumpLink(p.mark.IFB())
		if err != nil {
			return err
		}
		p.have[spot{where, p.mark.IFB()}] = tree
	}
	for _, end := range p.ends() {
		tree, err := p.conn(end.where).Dump(end.link.Device())
		if err != nil {
			return err
		}
		p.have[spot{end.where, end.link.Name}] = tree
	}
	p.looked = true
	return nil
}

// refresh reads the two ends anew, after an attempt that may have given them
// some of their marks.
func (p *place) refresh() (err error) {
	if p.container, err = p.inside.LinkByIndex(p.container.Index); err != nil {
		return err
	}
	if p.peer != nil {
		*p.peer, err = p.host.LinkByIndex(p.peer.Index)
	}
	return err
}

// end is one end of the interface.
type end struct {
	where tc.Where
	link  rtnl.Link
}

func (p *place) ends() []end {
	out := []end{{tc.InContainer, p.container}}
	if p.peer != nil {
		out = append(out, end{tc.OnHost, *p.peer})
	}
	return out
}

// untouched tells that nothing was seen on either end, nor our mark, nor at the
// hook that the plan makes: all that is to be made is new, most likely.
func (p *place) untouched(made *plan.Plan) bool {
	for _, e := range p.ends() {
		if e.link.Qdisc != noqueue || slices.Contains(e.link.AltNames, string(p.mark)) || made.Hooks(e.where, e.link.Name) && p.hooked(e) {
			return false
		}
	}
	return true
}

// hooked tells whether somebody has a clsact or ingress qdisc there. No link
// shows it, and ours must not be marked before it is known to be ours.
func (p *place) hooked(e end) bool {
	_, there, err := p.conn(e.where).QdiscAt(e.link.Device(), tc.HandleClsact)
	return there || err != nil
}

// noqueue is the root of a virtual device that nobody has given another one.
const noqueue = "noqueue"
