// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"strconv"
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
