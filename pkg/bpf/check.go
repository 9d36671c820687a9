// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"tcni.dev/pkg/tc"
)

// check refuses routes that no program can be made for.
func check(routes []tc.Route) error {
	if len(routes) > MaxRoutes {
		return fmt.Errorf("%d routes: at most %d can be had", len(routes), MaxRoutes)
	}
	for i, r := range routes {
		if err := checkRoute(r); err != nil {
			return fmt.Errorf("route %d: %w", i, err)
		}
	}
	return nil
}

func checkRoute(r tc.Route) error {
	// To cls_bpf 0 is no match and -1 the filter's own class (cls_bpf_classify
	// in net/sched/cls_bpf.c).
	if r.Class == tc.HandleNone || r.Class == tc.HandleRoot {
		return fmt.Errorf("class %v: a packet cannot be sent there", r.Class)
	}
	for _, p := range r.Match.CIDRs {
		if !p.IsValid() {
			return fmt.Errorf("cidr: not valid")
		}
	}
	for _, list := range [][]tc.PortRange{r.Match.Ports, r.Match.LocalPorts} {
		for _, p := range list {
			if p.Last < p.First {
				return fmt.Errorf("ports %d-%d: the last is below the first", p.First, p.Last)
			}
		}
	}
	for _, d := range r.Match.DSCPs {
		if d >= codePoints {
			return fmt.Errorf("dscp %d: outside 0..%d", d, codePoints-1)
		}
	}
	return nil
}

// format is a part of the digest: it changes when equal routes become another
// program.
const format = 1

// digest tells lists of routes apart.
func digest(routes []tc.Route, egress bool) uint64 {
	order := binary.BigEndian
	hash := sha256.New()
	b := append(make([]byte, 0, 1024), format, 0)
	if egress {
		b[1] = 1
	}
	number := func(v int) { b = order.AppendUint32(b, uint32(v)) }
	ranges := func(list []tc.PortRange) {
		number(len(list))
		for _, p := range list {
			number(int(p.First)<<16 | int(p.Last))
		}
	}
	for _, r := range routes {
		number(int(r.Class))
		number(len(r.Match.CIDRs))
		for _, p := range r.Match.CIDRs {
			addr := p.Masked().Addr().As16()
			b = append(b, byte(p.Addr().BitLen()/8), byte(p.Bits()))
			b = append(b, addr[:]...)
		}
		ranges(r.Match.Ports)
		ranges(r.Match.LocalPorts)
		for _, list := range [][]uint8{r.Match.Protocols, r.Match.DSCPs} {
			number(len(list))
			b = append(b, list...)
		}
		if len(b) > cap(b)/2 {
			_, _ = hash.Write(b) // never fails
			b = b[:0]
		}
	}
	_, _ = hash.Write(b)
	return order.Uint64(hash.Sum(nil))
}
