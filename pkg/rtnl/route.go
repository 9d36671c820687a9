// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// RouteSource returns the address that this namespace would use to reach dst,
// and the index of the device that the packets would leave by.
func (c *Conn) RouteSource(dst netip.Addr) (src netip.Addr, index int32, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	family := byte(unix.AF_INET6)
	if dst = dst.Unmap(); dst.Is4() {
		family = unix.AF_INET
	}
	b := &c.out
	b.reset()
	b.begin(unix.RTM_GETROUTE, unix.NLM_F_ACK)
	b.put8(family, byte(dst.BitLen()), 0, 0, 0, 0, 0, 0) // struct rtmsg
	b.put32(0)
	b.bytes(unix.RTA_DST, string(dst.AsSlice()))
	err = c.request(func(m message) error {
		if m.typ != unix.RTM_NEWROUTE {
			return nil
		}
		attrs := m.body.from(unix.SizeofRtMsg)
		src, _ = netip.AddrFromSlice(attrs.attr(unix.RTA_PREFSRC))
		index = attrs.attr(unix.RTA_OIF).i32(0)
		return nil
	})
	if err == nil && !src.IsValid() {
		err = unix.EADDRNOTAVAIL
	}
	if err != nil {
		return netip.Addr{}, 0, fmt.Errorf("route to %v: %w", dst, err)
	}
	return src, index, nil
}
