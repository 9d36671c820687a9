// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"net/netip"
	"slices"

	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
)

// facts tells the planner what was found.
func (p *place) facts(nodeAddrs []netip.Addr) plan.Facts {
	f := plan.Facts{Container: p.device(tc.InContainer, p.container), IFB: p.mark.IFB(), NodeAddrs: nodeAddrs}
	if p.peer != nil {
		host := p.device(tc.OnHost, *p.peer)
		f.Host = &host
		f.HostParent = hostParent(p.have[spot{tc.OnHost, p.peer.Name}])
		if f.HostParent == tc.HandleNone && p.stays && p.wasOnHost() {
			f.HostParent = tc.HandleRoot
		}
	}
	return f
}

// wasOnHost tells that ADD has put a tree on the host's end: that has the mark,
// and there is no IFB in the container in its place.
func (p *place) wasOnHost() bool {
	inside := p.have[spot{tc.InContainer, p.mark.IFB()}]
	return slices.Contains(p.peer.AltNames, string(p.mark)) && len(inside.Objects) == 0
}

func (p *place) device(where tc.Where, l rtnl.Link) plan.Device {
	d := plan.Device{Name: l.Name, MTU: l.MTU}
	hook := tc.Qdisc{Parent: tc.HandleClsact}
	have := p.have[spot{where, l.Name}]
	if q, ok := have.Find(hook.Slot()).(tc.Qdisc); ok {
		d.Ingress = q.Spec.Kind()
	}
	d.Redirected, d.Before = redirected(have), before(have)
	return d
}

// hostParent says where an HTB goes on the host's end: the root where that is
// free or ours, below the TBF that the reference bandwidth plugin makes (root
// 1:, its class 1:1), or nowhere.
func hostParent(have tc.Tree) tc.Handle {
	root, ok := have.Root()
	switch {
	case !ok, plan.Owns(root):
		return tc.HandleRoot
	case root.Spec.Kind() == "tbf" && root.Handle == tc.MakeHandle(1, 0):
		return hostParentBelowTBF
	}
	return tc.HandleNone
}

// hostParentBelowTBF is the class of the reference bandwidth plugin's TBF.
var hostParentBelowTBF = tc.MakeHandle(1, 1)
