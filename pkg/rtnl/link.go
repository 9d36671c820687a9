// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"bytes"
	"fmt"

	"golang.org/x/sys/unix"
)

// Link is a network device as the kernel shows it.
type Link struct {
	Index    int32
	Name     string
	Kind     string // veth, ifb, …; empty for hardware
	Flags    uint32 // IFF_UP and so on
	MTU      uint32 // bytes
	TxQLen   uint32 // packets
	Qdisc    string // kind of the root qdisc (IFLA_QDISC)
	Master   int32  // index of the bridge or bond that it belongs to; 0: none
	Peer     int32  // IFLA_LINK: the other end of a veth, the device below a macvlan; 0: none
	Address  []byte // of the hardware; none on a device without
	AltNames []string
	Alias    string

	// PeerNetns is the id that this namespace has for the one that Peer is in,
	// where HasPeerNetns says that it is another one than this.
	PeerNetns    int32
	HasPeerNetns bool
}

// Up tells whether the device is up.
func (l Link) Up() bool { return l.Flags&unix.IFF_UP != 0 }

// Device returns what names the link in a Batch.
func (l Link) Device() Device { return Device{Name: l.Name, Index: l.Index} }

// LinkByName finds a device by its name. ENODEV means that there is none.
func (c *Conn) LinkByName(name string) (Link, error) {
	return c.findLink("link "+name, byName(name))
}

// LinkByAltName finds a device by one of its other names (since 5.5).
func (c *Conn) LinkByAltName(name string) (Link, error) {
	return c.findLink("link with altname "+name, linkQuery{attr: unix.IFLA_ALT_IFNAME, text: name})
}

// LinkByIndex finds a device by its index.
func (c *Conn) LinkByIndex(index int32) (Link, error) {
	return c.findLink(fmt.Sprintf("link with index %d", index), linkQuery{index: index})
}

func (c *Conn) findLink(what string, q linkQuery) (Link, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	link, err := c.link(q)
	if err != nil {
		return Link{}, fmt.Errorf("%s: %w", what, err)
	}
	return link, nil
}

// Links lists all devices of the namespace.
func (c *Conn) Links() ([]Link, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	links, err := c.askLinks(linkQuery{}, unix.NLM_F_DUMP)
	if err != nil {
		return nil, fmt.Errorf("links: %w", err)
	}
	return links, nil
}

// linkQuery says which device is meant: by index, or by an attribute.
type linkQuery struct {
	index int32
	attr  uint16
	text  string
}

func byName(name string) linkQuery { return linkQuery{attr: unix.IFLA_IFNAME, text: name} }

// link asks for one device; c.mu is held.
func (c *Conn) link(q linkQuery) (Link, error) {
	links, err := c.askLinks(q, unix.NLM_F_ACK)
	if err != nil {
		return Link{}, err
	}
	if len(links) == 0 {
		return Link{}, unix.ENODEV
	}
	return links[0], nil
}

func (c *Conn) askLinks(q linkQuery, flags uint16) ([]Link, error) {
	b := &c.out
	b.reset()
	b.begin(unix.RTM_GETLINK, flags)
	b.ifinfo(q.index, 0)
	b.u32(unix.IFLA_EXT_MASK, rtextFilterSkipStats)
	if q.attr != 0 {
		b.text(q.attr, q.text)
	}
	var links []Link
	err := c.request(func(m message) error {
		if m.typ == unix.RTM_NEWLINK {
			links = append(links, parseLink(m.body))
		}
		return nil
	})
	return links, err
}

// parseLink reads a struct ifinfomsg and its attributes.
func parseLink(b field) Link {
	l := Link{Index: b.i32(4), Flags: b.u32(8)}
	for typ, v := range b.from(ifinfoLen).attrs() {
		switch typ {
		case unix.IFLA_IFNAME:
			l.Name = v.text()
		case unix.IFLA_ADDRESS:
			l.Address = bytes.Clone(v)
		case unix.IFLA_MTU:
			l.MTU = v.u32(0)
		case unix.IFLA_TXQLEN:
			l.TxQLen = v.u32(0)
		case unix.IFLA_QDISC:
			l.Qdisc = v.text()
		case unix.IFLA_MASTER:
			l.Master = v.i32(0)
		case unix.IFLA_LINK:
			l.Peer = v.i32(0)
		case unix.IFLA_LINK_NETNSID:
			l.PeerNetns, l.HasPeerNetns = v.i32(0), true
		case unix.IFLA_IFALIAS:
			l.Alias = v.text()
		case unix.IFLA_LINKINFO:
			l.Kind = v.attr(unix.IFLA_INFO_KIND).text()
		case unix.IFLA_PROP_LIST:
			for t, name := range v.attrs() {
				if t == unix.IFLA_ALT_IFNAME {
					l.AltNames = append(l.AltNames, name.text())
				}
			}
		}
	}
	return l
}
