// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/bpf"
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
	stays  bool // where ADD has put the host's tree it is to be, whatever stands there now
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
