// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"errors"
	"fmt"
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// netlinkIn calls fn with a netlink socket that was opened in ns.
func netlinkIn(ns *NS, fn func(h *netlink.Handle) error) error {
	return ns.Do(func() error {
		h, err := netlink.NewHandle(unix.NETLINK_ROUTE)
		if err != nil {
			return fmt.Errorf("netlink socket in %s: %w", ns.Name, err)
		}
		defer h.Close()
		return fn(h)
	})
}

func linkUp(ns *NS, name string) error {
	return netlinkIn(ns, func(h *netlink.Handle) error {
		link, err := h.LinkByName(name)
		if err != nil {
			return fmt.Errorf("link %s in %s: %w", name, ns.Name, err)
		}
		if err := h.LinkSetUp(link); err != nil {
			return fmt.Errorf("link %s in %s: set up: %w", name, ns.Name, err)
		}
		return nil
	})
}

func addVeth(a, b *NS, nameA, nameB string) error {
	err := netlinkIn(a, func(h *netlink.Handle) error {
		veth := &netlink.Veth{
			LinkAttrs: netlink.LinkAttrs{Name: nameA, TxQLen: 1000},
			PeerName:  nameB, PeerNamespace: netlink.NsFd(b.netFD()),
		}
		if err := h.LinkAdd(veth); err != nil {
			return fmt.Errorf("add veth %s in %s: %w", nameA, a.Name, err)
		}
		return nil
	})
	return errors.Join(err, linkUp(a, nameA), linkUp(b, nameB))
}

func addAddr(ns *NS, link string, p netip.Prefix) error {
	return netlinkIn(ns, func(h *netlink.Handle) error {
		l, err := h.LinkByName(link)
		if err != nil {
			return fmt.Errorf("link %s in %s: %w", link, ns.Name, err)
		}
		ipnet := &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
		if err := h.AddrAdd(l, &netlink.Addr{IPNet: ipnet}); err != nil {
			return fmt.Errorf("link %s in %s: add address %s: %w", link, ns.Name, p, err)
		}
		return nil
	})
}

func addDefaultRoute(ns *NS, gateway netip.Addr) error {
	return netlinkIn(ns, func(h *netlink.Handle) error {
		dst := &net.IPNet{IP: make(net.IP, gateway.BitLen()/8), Mask: net.CIDRMask(0, gateway.BitLen())}
		if err := h.RouteAdd(&netlink.Route{Dst: dst, Gw: gateway.AsSlice()}); err != nil {
			return fmt.Errorf("default route in %s via %s: %w", ns.Name, gateway, err)
		}
		return nil
	})
}
