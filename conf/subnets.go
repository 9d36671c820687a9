// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
)

// subnets reads a list of networks. Host bits are passed over, as the reference
// plugin does.
func (r *reader) subnets(v value) ([]netip.Prefix, error) {
	if !v.present() {
		return nil, nil
	}
	if v[0] != '[' {
		return nil, fmt.Errorf("want a list of networks, got %s", v.what())
	}
	var m Match
	for i, e := range v.elements() {
		err := r.in("["+strconv.Itoa(i)+"]", func() error {
			s, ok := e.text()
			if !ok {
				return fmt.Errorf("want a string, got %s", e.what())
			}
			if p, err := netip.ParsePrefix(s); err == nil {
				s = p.Masked().String()
			}
			return addCIDR(&m, s)
		})
		if err != nil {
			return nil, err
		}
	}
	return m.CIDRs, nil
}

func (r *reader) checkSubnets(b *bandwidth) error {
	if b.shaped == nil || b.unshaped == nil {
		return nil
	}
	return r.in("unshapedSubnets", func() error { return errors.New("excludes shapedSubnets: give one of them") })
}
