// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// matchKey is one key of a match: how one value of it is read and how all of
// them are printed, as JSON. A new matcher is a new line in matchKeys.
type matchKey struct {
	key   string
	add   func(*Match, string) error
	print func(Match) []string
}

var matchKeys = [...]matchKey{
	{"cidr", addCIDR, printCIDRs},
	{"port", addPort, func(m Match) []string { return printPorts(m.Ports) }},
	{"localPort", addLocalPort, func(m Match) []string { return printPorts(m.LocalPorts) }},
	{"protocol", addProtocol, printProtocols},
	{"dscp", addDSCP, printDSCPs},
}

func matchKeyNames() []string {
	var names []string
	for _, k := range matchKeys {
		names = append(names, k.key)
	}
	return names
}

func (m Match) isZero() bool {
	return m.CIDRs == nil && m.Ports == nil && m.LocalPorts == nil && m.Protocols == nil && m.DSCPs == nil
}

// match reads what a rule takes: each key has a value or a list of values,
// numbers or strings.
func (r *reader) match(v value) (Match, error) {
	var m Match
	err := r.object(v, matchKeyNames, func(key string, v value) (bool, error) {
		for _, k := range matchKeys {
			if k.key == key {
				return true, r.matchValues(&m, k, v)
			}
		}
		return false, nil
	})
	if err != nil {
		return m, err
	}
	return m, r.checkPorts(m)
}

func (r *reader) matchValues(m *Match, k matchKey, v value) error {
	if v[0] != '[' {
		return addValue(m, k, v)
	}
	none := true
	for i, e := range v.elements() {
		none = false
		if err := addValue(m, k, e); err != nil {
			return r.in("["+strconv.Itoa(i)+"]", func() error { return err })
		}
	}
	if none {
		return errors.New("an empty list would match nothing: leave the key out to match all")
	}
	return nil
}

func addValue(m *Match, k matchKey, v value) error {
	s, ok := v.text()
	if !ok {
		if !v.isNumber() {
			return fmt.Errorf("want a string or a number, got %s", v.what())
		}
		s = string(v)
	}
	return k.add(m, s)
}

// checkPorts refuses ports of protocols that have none.
func (r *reader) checkPorts(m Match) error {
	key := "port"
	if m.Ports == nil {
		key = "localPort"
	}
	if m.Ports == nil && m.LocalPorts == nil {
		return nil
	}
	for _, p := range m.Protocols {
		if !hasPorts(p) {
			return r.in(key, func() error { return fmt.Errorf("protocol %s has no ports", protocolName(p)) })
		}
	}
	return nil
}

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

func addDSCP(m *Match, s string) error {
	if i := slices.IndexFunc(dscpNames[:], func(d dscpName) bool { return d.name == strings.ToLower(s) }); i >= 0 {
		m.DSCPs = append(m.DSCPs, dscpNames[i].value)
		return nil
	}
	v, err := wholeNumber(s, 0, 63)
	if errors.Is(err, errNotWhole) {
		return fmt.Errorf("%q is not a DSCP: want 0..63, cs0..cs7, af11..af43, ef, va or le", s)
	}
	if err != nil {
		return err
	}
	m.DSCPs = append(m.DSCPs, uint8(v))
	return nil
}

func printDSCPs(m Match) []string {
	var out []string
	for _, d := range m.DSCPs {
		out = append(out, strconv.Itoa(int(d)))
	}
	return out
}

type dscpName struct {
	name  string
	value uint8
}

// dscpNames are IANA's names of Differentiated Services code points.
var dscpNames = [...]dscpName{
	{"cs0", 0}, {"cs1", 8}, {"cs2", 16}, {"cs3", 24}, {"cs4", 32}, {"cs5", 40}, {"cs6", 48}, {"cs7", 56},
	{"af11", 10}, {"af12", 12}, {"af13", 14}, {"af21", 18}, {"af22", 20}, {"af23", 22},
	{"af31", 26}, {"af32", 28}, {"af33", 30}, {"af41", 34}, {"af42", 36}, {"af43", 38},
	{"ef", 46}, {"va", 44}, {"le", 1},
}
