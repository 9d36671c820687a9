// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// Addrs lists the addresses, IPv4 and IPv6, of the device with an index.
func (c *Conn) Addrs(index int32) (addrs []netip.Addr, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := &c.out
	b.reset()
	b.begin(unix.RTM_GETADDR, unix.NLM_F_DUMP)
	b.put8(unix.AF_UNSPEC, 0, 0, 0) // struct ifaddrmsg
	b.put32(uint32(index))
	err = c.request(func(m message) error {
		if m.typ != unix.RTM_NEWADDR || m.body.i32(4) != index {
			return nil
		}
		attrs := m.body.from(unix.SizeofIfAddrmsg)
		own := attrs.attr(unix.IFA_LOCAL) // where IFA_ADDRESS may be the other end's
		if own == nil {
			own = attrs.attr(unix.IFA_ADDRESS)
		}
		if addr, ok := netip.AddrFromSlice(own); ok {
			addrs = append(addrs, addr)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("addresses of the link with index %d: %w", index, err)
	}
	return addrs, nil
}
