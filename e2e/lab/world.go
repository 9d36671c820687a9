// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"errors"
	"fmt"
	"net/netip"
)

// World is a remote host behind the node.
type World struct {
	// Name is the world's, and that of the node's link to it (at most 15 bytes).
	Name string
	// Addrs are the world's addresses, IPv4 and IPv6. The node takes the first host address of
	// each prefix, and is the world's default gateway.
	Addrs []netip.Prefix
}

// DefaultWorlds are two services in two networks: payments at 10.0.5.10 and fd00:5::10, catalogue
// at 10.0.6.10 and fd00:6::10.
func DefaultWorlds() []World {
	return []World{
		{"payments", []netip.Prefix{netip.MustParsePrefix("10.0.5.10/24"), netip.MustParsePrefix("fd00:5::10/64")}},
		{"catalogue", []netip.Prefix{netip.MustParsePrefix("10.0.6.10/24"), netip.MustParsePrefix("fd00:6::10/64")}},
	}
}

// AddWorld makes a world and links it to the node; its own interface is eth0.
func (l *Lab) AddWorld(w World) (*NS, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.worlds[w.Name] != nil {
		return nil, fmt.Errorf("world %s: exists", w.Name)
	}
	ns, err := newNetNS(l.Node, w.Name, "")
	if err != nil {
		return nil, err
	}
	if err := connect(l.Node, ns, w); err != nil {
		return nil, errors.Join(fmt.Errorf("world %s: %w", w.Name, err), ns.Close())
	}
	l.worlds[w.Name] = ns
	return ns, nil
}

// World returns a world by name, nil if there is none.
func (l *Lab) World(name string) *NS {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.worlds[name]
}

func connect(node, world *NS, w World) error {
	if err := addVeth(node, world, w.Name, "eth0"); err != nil {
		return err
	}
	for _, p := range w.Addrs {
		gateway := netip.PrefixFrom(p.Masked().Addr().Next(), p.Bits())
		if gateway == p {
			return fmt.Errorf("address %s: is the node's", p)
		}
		if err := addAddr(node, w.Name, gateway); err != nil {
			return err
		}
		if err := addAddr(world, "eth0", p); err != nil {
			return err
		}
		if err := addDefaultRoute(world, gateway.Addr()); err != nil {
			return err
		}
	}
	return nil
}
