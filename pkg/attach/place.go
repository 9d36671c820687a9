// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/bpf"
	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
)

// What an attachment's place can lack.
var (
	// ErrNetns says that the container's network namespace cannot be used.
	ErrNetns = errors.New("network namespace")
	// ErrNoInterface says that the container has no interface of the name.
	ErrNoInterface = errors.New("no such interface")
)

// place is where an attachment was found: the container's interface and, if
// there is one, its other end on the host.
type place struct {
	mark         Mark
	inside, host *rtnl.Conn
	from         *Host // whose host is; nil: our own
	container    rtnl.Link
	peer         *rtnl.Link

	looked bool // have holds what is on the devices
	have   map[spot]tc.Tree

	linear *bpf.Program // see linearProgram; nil: not loaded yet
}

// spot names a device of the attachment.
type spot struct {
	where  tc.Where
	device string
}

// find opens both namespaces and finds the interface's two ends.
func find(id Identity, netns string) (*place, error) { return findFrom(nil, id, netns) }

// findFrom is find with the host's namespace open already, unless h is nil.
func findFrom(h *Host, id Identity, netns string) (_ *place, err error) {
	if err := notOursFrom(h, netns); err != nil {
		return nil, err
	}
	p := &place{mark: id.Mark(), from: h}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if p.inside, err = rtnl.Open(netns); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNetns, err)
	}
	if h != nil {
		p.host, err = h.conn, h.qdiscs()
	} else {
		p.host, err = rtnl.Open("")
	}
	if err != nil {
		return nil, err
	}
	p.container, err = p.inside.LinkByName(id.IfName)
	if errors.Is(err, unix.ENODEV) {
		return nil, fmt.Errorf("%w: %s in %s", ErrNoInterface, id.IfName, netns)
	}
	if err != nil {
		return nil, err
	}
	p.peer, err = p.findPeer(netns)
	return p, err
}

// notOurs refuses the namespace that the plugin itself runs in: a container
// without one of its own must not get the node shaped.
func notOurs(netns string) error { return notOursFrom(nil, netns) }

func notOursFrom(h *Host, netns string) error {
	if netns == "" {
		return fmt.Errorf("%w: CNI_NETNS is empty", ErrNetns)
	}
	own, err := h.owns(netns)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %s: %w", ErrNetns, netns, err)
	case own:
		return fmt.Errorf("%w: %s is the host's own", ErrNetns, netns)
	}
	return nil
}

// findPeer returns the other end on the host. Indexes are of a namespace each,
// so the link found must point back, and to this container: links of two other
// namespaces may well have the same indexes. macvlan and ipvlan point to the
// device below them, which is nobody's end.
func (p *place) findPeer(netns string) (*rtnl.Link, error) {
	c := p.container
	if c.Kind != "veth" && c.Kind != "netkit" || !c.HasPeerNetns {
		return nil, nil
	}
	find := p.host.LinkByIndex
	if p.from != nil {
		find = p.from.link
	}
	peer, err := find(c.Peer)
	if errors.Is(err, unix.ENODEV) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if peer.Peer != c.Index || peer.Kind != c.Kind || !peer.HasPeerNetns {
		return nil, nil
	}
	if p.from == nil || !slices.Contains(peer.AltNames, string(p.mark)) { // a look at many: ours alone has the mark
		id, ok, err := p.host.NamespaceID(netns)
		if err != nil || !ok || id != peer.PeerNetns {
			return nil, err
		}
	}
	return &peer, nil
}

func (p *place) close() {
	if p.inside != nil {
		p.inside.Close()
	}
	if p.host != nil && p.from == nil {
		p.host.Close()
	}
	if p.linear != nil {
		p.linear.Close()
	}
}

// conn returns the socket in a namespace.
func (p *place) conn(where tc.Where) *rtnl.Conn {
	if where == tc.InContainer {
		return p.inside
	}
	return p.host
}

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

// facts tells the planner what was found.
func (p *place) facts(nodeAddrs []netip.Addr) plan.Facts {
	f := plan.Facts{Container: p.device(tc.InContainer, p.container), IFB: p.mark.IFB(), NodeAddrs: nodeAddrs}
	if p.peer != nil {
		host := p.device(tc.OnHost, *p.peer)
		f.Host = &host
		f.HostParent = hostParent(p.have[spot{tc.OnHost, p.peer.Name}])
	}
	return f
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
