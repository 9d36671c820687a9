// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"errors"
	"fmt"
	"net/netip"
	"sort"

	"tcni.dev/conf"
	"tcni.dev/pkg/tc"
)

// Facts is what is known of the host and the container.
type Facts struct {
	Container Device  // the container's interface
	Host      *Device // its other end on the host; nil where there is none
	// HostParent is where an HTB goes on the host's end: the root, a class of
	// a qdisc that is there (the bandwidth plugin's TBF), or HandleNone where
	// the place is taken by something else.
	HostParent tc.Handle
	IFB        string       // the name for an IFB of this attachment's
	NodeAddrs  []netip.Addr // the node's own addresses towards the container, for ExemptNode
	MaxQueue   tc.Size      // bytes that one queue may hold; 0: 256mb
	Classifier conf.Classifier

	// NoPrograms: the kernel takes no eBPF programs. Corruption then has none, and
	// the rules none where lines of u32 nodes can hold them; a classifier that is
	// to be one is there all the same.
	NoPrograms bool
}

// Device is a network interface.
type Device struct {
	Name    string
	MTU     uint32
	Ingress string // the qdisc at its ingress hook: "", "ingress" or "clsact"

	// Redirected is the device that a filter of somebody else's at that hook
	// leads packets to, before they could come to one of ours.
	Redirected string
	// Before is a filter of somebody else's that is asked before ours there, in
	// words; "" where there is none.
	Before string
}

// Plan is what is to be done, as data.
type Plan struct {
	Trees    []tc.Tree // in the order in which they can be made
	Warnings []string
	Classes  []ClassUse // which rule's packets meet in which class
	// Egress and Ingress are where the directions' HTBs are; nil if unshaped.
	Egress, Ingress *Site
}

// ClassUse tells which class a rule's packets go to; the rule "" is the
// direction itself.
type ClassUse struct {
	Direction string // egress, ingress
	Rule      string
	Class     tc.Handle
}

// Uses are those of one direction: what no rule takes, then the rules in their
// order; none where it is not shaped.
func (p *Plan) Uses(direction string) (out []ClassUse) {
	for _, u := range p.Classes {
		if u.Direction == direction {
			out = append(out, u)
		}
	}
	return out
}

// Site is where a direction's tree goes.
type Site struct {
	Where        tc.Where
	Device       Device
	Parent       tc.Handle
	RedirectFrom *Device // the device whose arriving packets go to Device, an IFB
}

// Hooks tells whether the plan takes what arrives on a device elsewhere.
func (p *Plan) Hooks(where tc.Where, device string) bool {
	for _, s := range []*Site{p.Egress, p.Ingress} {
		if s != nil && s.Where == where && s.RedirectFrom != nil && s.RedirectFrom.Name == device {
			return true
		}
	}
	return false
}

// Errors that the placement can end in.
var (
	errNoHost    = errors.New("placement host: the interface has no other end on the host; use container")
	errHostTaken = errors.New("placement host: the root qdisc of the interface's other end belongs to somebody else; use container")
)

// Build computes the trees for a shape. Errors say which direction and rule
// cannot be had.
func Build(shape conf.Shape, facts Facts) (*Plan, error) {
	p := &Plan{}
	for _, d := range []struct {
		name string
		conf *conf.Direction
		site func(conf.Placement, Facts) (*Site, error)
		used **Site
	}{
		{"egress", shape.Egress, egressSite, &p.Egress},
		{"ingress", shape.Ingress, ingressSite, &p.Ingress},
	} {
		if !d.conf.Shapes() {
			continue
		}
		site, err := d.site(shape.Placement, facts)
		if err != nil {
			return nil, err
		}
		*d.used = site
		b := builder{direction: d.name, site: *site, maxQueue: facts.MaxQueue, classifier: facts.Classifier, programless: facts.NoPrograms, plan: p}
		// What the node sends carries the class in its priority, where the tree is
		// on the host; what it gets does not, nor does what has crossed a veth.
		if shape.ExemptNode && (d.name == "egress" || site.Where == tc.InContainer) {
			b.exempt = facts.NodeAddrs
		}
		if err := b.build(*d.conf); err != nil {
			return nil, fmt.Errorf("%s: %w", d.name, err)
		}
	}
	// A device must be there before a filter redirects to it.
	sort.SliceStable(p.Trees, func(i, j int) bool { return makesDevice(p.Trees[i]) && !makesDevice(p.Trees[j]) })
	return p, nil
}

// add appends an object to the tree of a device, which is made if need be.
func (p *Plan) add(where tc.Where, device string, objects ...tc.Object) {
	for i := range p.Trees {
		if t := &p.Trees[i]; t.Where == where && t.Device == device {
			t.Objects = append(t.Objects, objects...)
			return
		}
	}
	p.Trees = append(p.Trees, tc.Tree{Where: where, Device: device, Objects: objects})
}

// makesDevice tells whether a tree begins with the device itself.
func makesDevice(t tc.Tree) bool {
	_, ok := t.Objects[0].(tc.Link)
	return ok
}

func (p *Plan) warn(format string, args ...any) {
	p.Warnings = append(p.Warnings, fmt.Sprintf(format, args...))
}
