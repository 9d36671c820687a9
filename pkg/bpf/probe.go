// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"net/netip"

	"tcni.dev/pkg/tc"
)

// Probe loads a program with everything that programs have in them, and drops
// it. The error is Load's; whether cls_bpf is in the kernel it does not say.
func Probe() error {
	t, err := Compile(probeRoutes, true)
	if err != nil {
		return err
	}
	p, err := t.Load()
	if err != nil {
		return err
	}
	return p.Close()
}

var probeRoutes = []tc.Route{{
	Match: tc.Match{
		CIDRs: []netip.Prefix{netip.PrefixFrom(netip.IPv6LinkLocalAllNodes(), 128)},
		Ports: []tc.PortRange{{First: 53, Last: 53}},
		DSCPs: []uint8{46},
	},
	Class: tc.MakeHandle(1, 1),
}}
