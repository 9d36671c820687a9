// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

func addCIDR(m *Match, s string) error {
	prefix, err := netip.ParsePrefix(s)
	if !strings.Contains(s, "/") {
		var addr netip.Addr
		if addr, err = netip.ParseAddr(s); err == nil && addr.Zone() == "" {
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
	}
	switch {
	case err != nil || !prefix.IsValid():
		return fmt.Errorf("%q is not an address or a network (10.0.5.0/24, 2001:db8::/32)", s)
	case prefix.Addr().Is4In6():
		return fmt.Errorf("%s is an IPv4 address in IPv6 dress: write %s", s, undress(prefix))
	case prefix != prefix.Masked():
		return fmt.Errorf("%s has host bits set: the network is %v, the host %v", s, prefix.Masked(), prefix.Addr())
	}
	m.CIDRs = append(m.CIDRs, prefix)
	return nil
}

// undress is an IPv4-mapped IPv6 network as what it is, an address without its 32
// bits.
func undress(p netip.Prefix) string {
	v4 := netip.PrefixFrom(p.Addr().Unmap(), max(p.Bits()-96, 0)).Masked()
	if v4.IsSingleIP() {
		return v4.Addr().String()
	}
	return v4.String()
}

func printCIDRs(m Match) []string {
	var out []string
	for _, c := range m.CIDRs {
		out = append(out, strconv.Quote(c.String()))
	}
	return out
}
