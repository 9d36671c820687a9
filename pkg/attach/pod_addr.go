// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"encoding/json"
	"net/netip"
)

// podAddrs reads the addresses of a result.
func podAddrs(result []byte) (out []netip.Addr, err error) {
	prefixes, err := podPrefixes(result)
	for _, p := range prefixes {
		out = append(out, p.Addr())
	}
	return out, err
}

// podPrefixes reads the addresses of a result with their networks (CNI SPEC
// 0.3.0 to 1.1.0, "Success").
func podPrefixes(result []byte) ([]netip.Prefix, error) {
	var r struct {
		IPs []struct {
			Address netip.Prefix `json:"address"`
		} `json:"ips"`
	}
	if err := json.Unmarshal(result, &r); err != nil {
		return nil, ErrAddresses
	}
	var out []netip.Prefix
	for _, ip := range r.IPs {
		out = append(out, ip.Address)
	}
	return out, nil
}
