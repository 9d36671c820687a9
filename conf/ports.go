// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

func addPort(m *Match, s string) (err error) {
	m.Ports, err = appendPorts(m.Ports, s)
	return err
}

func addLocalPort(m *Match, s string) (err error) {
	m.LocalPorts, err = appendPorts(m.LocalPorts, s)
	return err
}

// appendPorts reads "443" or "8000-8100".
func appendPorts(ports []PortRange, s string) ([]PortRange, error) {
	low, high, isRange := strings.Cut(s, "-")
	if !isRange || low == "" {
		low, high = s, s
	}
	first, err := wholeNumber(low, 1, 65535)
	last := first
	if err == nil && isRange {
		last, err = wholeNumber(high, 1, 65535)
	}
	switch {
	case errors.Is(err, errNotWhole):
		return nil, fmt.Errorf("%q is not a port or a range of ports (443, \"8000-8100\")", s)
	case err != nil:
		return nil, err
	case last < first:
		return nil, fmt.Errorf("%s ends before it begins", s)
	}
	return append(ports, PortRange{First: uint16(first), Last: uint16(last)}), nil
}

func printPorts(ports []PortRange) []string {
	var out []string
	for _, p := range ports {
		s := p.String()
		if p.First != p.Last {
			s = strconv.Quote(s)
		}
		out = append(out, s)
	}
	return out
}

// protocols are the names that a match knows (IANA's protocol numbers), and
// whether a packet has ports in its first four bytes.
var protocols = [...]struct {
	name   string
	number uint8
	ports  bool
}{
	{"tcp", 6, true},
	{"udp", 17, true},
	{"sctp", 132, true},
	{"icmp", 1, false},
	{"icmpv6", 58, false},
	{"", 33, true},  // DCCP
	{"", 136, true}, // UDP-Lite
}

func addProtocol(m *Match, s string) (err error) {
	m.Protocols, err = appendNamed(m.Protocols, s, 255, protocolOf, "a protocol: want tcp, udp, sctp, icmp, icmpv6 or 0..255")
	return err
}

func protocolOf(name string) (number uint8, known bool) {
	for _, p := range protocols {
		if p.name != "" && p.name == name {
			return p.number, true
		}
	}
	return 0, false
}

func hasPorts(number uint8) bool {
	for _, p := range protocols {
		if p.number == number {
			return p.ports
		}
	}
	return false
}

func protocolName(number uint8) string {
	for _, p := range protocols {
		if p.number == number && p.name != "" {
			return p.name
		}
	}
	return strconv.Itoa(int(number))
}

func printProtocols(m Match) []string {
	var out []string
	for _, number := range m.Protocols {
		s := protocolName(number)
		if s[0] > '9' {
			s = strconv.Quote(s)
		}
		out = append(out, s)
	}
	return out
}
