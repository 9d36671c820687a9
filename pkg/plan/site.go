// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"

	"tcni.dev/conf"
	"tcni.dev/pkg/tc"
)

// ifbQueueLen is the IFB's txqueuelen, in packets: Ethernet's default.
const ifbQueueLen = 1000

// egressSite says where the container's egress is shaped: as the root of its
// own interface, or on an IFB on the host that the other end's arriving packets
// are redirected to.
func egressSite(place conf.Placement, f Facts) (*Site, error) {
	if place != conf.PlaceHost {
		return &Site{Where: tc.InContainer, Device: f.Container, Parent: tc.HandleRoot}, nil
	}
	if f.Host == nil {
		return nil, errNoHost
	}
	return ifbSite(tc.OnHost, f.IFB, f.Host)
}

// ingressSite says where the container's ingress is shaped: at the host's end,
// or on an IFB in the container's own namespace.
func ingressSite(place conf.Placement, f Facts) (*Site, error) {
	hostFree := f.Host != nil && f.HostParent != tc.HandleNone
	switch {
	case place == conf.PlaceHost && f.Host == nil:
		return nil, errNoHost
	case place == conf.PlaceHost && !hostFree:
		return nil, errHostTaken
	case place == conf.PlaceContainer || !hostFree:
		return ifbSite(tc.InContainer, f.IFB, &f.Container)
	}
	return &Site{Where: tc.OnHost, Device: *f.Host, Parent: f.HostParent}, nil
}

// ifbSite is an IFB for what arrives on a device, unless that goes elsewhere
// already: the first redirect wins, and ours would never be asked.
func ifbSite(where tc.Where, name string, from *Device) (*Site, error) {
	if from.Redirected != "" {
		return nil, fmt.Errorf("%s %s: a filter of somebody else's redirects what arrives to %s: use another placement", where, from.Name, from.Redirected)
	}
	return &Site{Where: where, Device: Device{Name: name, MTU: from.MTU}, Parent: tc.HandleRoot, RedirectFrom: from}, nil
}

// link returns the IFB to make, if the site is one.
func (s Site) link() []tc.Object {
	if s.RedirectFrom == nil {
		return nil
	}
	return []tc.Object{tc.Link{Kind: "ifb", TxQueueLen: ifbQueueLen, MTU: s.Device.MTU}}
}

// redirect returns what leads the arriving packets to the IFB. It comes last:
// no packet meets half a tree.
func (s Site) redirect() []tc.Object {
	hook := tc.Clsact{IngressOnly: s.RedirectFrom.Ingress == "ingress"}
	all := tc.U32Node{Keys: []tc.U32Key{{}}, Redirect: &tc.Redirect{Device: s.Device.Name}}
	return []tc.Object{
		tc.Qdisc{Parent: tc.HandleClsact, Handle: tc.MakeHandle(tc.IngressMajor, 0), Spec: hook},
		tc.Filter{Parent: tc.HandleIngress, Preference: RedirectPreference, Protocol: tc.ProtoAll, Spec: tc.U32{Nodes: []tc.U32Node{all}}},
	}
}
