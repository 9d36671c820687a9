// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"tcni.dev/pkg/tc"
)

// family is what differs between IPv4 and IPv6 in a packet's header.
type family struct {
	proto      tc.Protocol
	pref       uint16
	is4        bool
	addressAt  [2]int32 // source, destination
	dscp       func(k keys, v uint8) keys
	transport  func(k keys, proto uint8) keys
	beforePort func(k keys) keys // what makes sure that the ports are where they are looked for
	portsAt    int32
	lacks      uint8 // the protocol of the other family alone
}

var families = []family{
	{
		proto: tc.ProtoIP, pref: prefIPv4, is4: true, addressAt: [2]int32{12, 16}, portsAt: 20, lacks: protoICMPv6,
		dscp:      func(k keys, v uint8) keys { return k.with(0, uint32(v)<<18, 0xfc<<16) },
		transport: func(k keys, p uint8) keys { return k.with(8, uint32(p)<<16, 0xff<<16) },
		// No options (the header is 5 words), and not a fragment other than the first.
		beforePort: func(k keys) keys { return k.with(0, 5<<24, 0xf<<24).with(4, 0, 0x1fff) },
	},
	{
		proto: tc.ProtoIPv6, pref: prefIPv6, addressAt: [2]int32{8, 24}, portsAt: ipv6Header, lacks: protoICMP,
		dscp:       func(k keys, v uint8) keys { return k.with(0, uint32(v)<<22, 0xfc<<20) },
		transport:  func(k keys, p uint8) keys { return k.with(4, uint32(p)<<8, 0xff<<8) },
		beforePort: func(k keys) keys { return k }, // an extension header is another protocol in this place
	},
}

// nodes returns the u32 keys of every way in which a packet of family f can
// match m; remote is 1 where the remote end is the destination, 0 where it is
// the source.
func (f *family) nodes(m tc.Match, remote int) [][]tc.U32Key {
	found := f.addresses(m.CIDRs, remote)
	found = each(found, dscps(m.DSCPs), func(k keys, v *uint8) keys {
		if v == nil {
			return k
		}
		return f.dscp(k, *v)
	})
	found = f.protocols(found, m, remote)
	out := make([][]tc.U32Key, 0, len(found))
	for _, k := range found {
		out = append(out, k.list())
	}
	return out
}

// each returns every combination of a and b.
func each[T any](a []keys, b []T, join func(keys, T) keys) []keys {
	out := make([]keys, 0, len(a)*len(b))
	for _, k := range a {
		for _, v := range b {
			out = append(out, join(k, v))
		}
	}
	return out
}

func dscps(list []uint8) []*uint8 {
	if len(list) == 0 {
		return []*uint8{nil}
	}
	var out []*uint8
	for _, v := range list {
		out = append(out, &v)
	}
	return out
}

func (f *family) addresses(cidrs []netip.Prefix, remote int) []keys {
	if len(cidrs) == 0 {
		return []keys{{}}
	}
	var out []keys
	for _, c := range cidrs {
		if c.Addr().Is4() == f.is4 {
			out = append(out, f.address(c, remote))
		}
	}
	return out
}

func (f *family) address(c netip.Prefix, remote int) keys {
	k := keys{}
	bytes := c.Masked().Addr().AsSlice()
	for i, left := 0, c.Bits(); left > 0; i, left = i+4, left-32 {
		mask := ^uint32(0) << (32 - min(left, 32))
		k = k.with(f.addressAt[remote]+int32(i), binary.BigEndian.Uint32(bytes[i:]), mask)
	}
	return k
}

func (f *family) protocols(found []keys, m tc.Match, remote int) []keys {
	ports := len(m.Ports)+len(m.LocalPorts) > 0
	protocols := m.Protocols
	if len(protocols) == 0 {
		if !ports {
			return found
		}
		protocols = portProtocols[:3]
	}
	var own []uint8
	for _, p := range protocols {
		if p != f.lacks && (!ports || slices.Contains(portProtocols, p)) {
			own = append(own, p)
		}
	}
	found = each(found, own, f.transport)
	if !ports {
		return found
	}
	shift := [2]int{16, 0} // the source port is the upper half of the word
	found = each(found, portMasks(m.Ports), func(k keys, p masked) keys {
		return f.port(k, p, shift[remote])
	})
	return each(found, portMasks(m.LocalPorts), func(k keys, p masked) keys {
		return f.port(k, p, shift[1-remote])
	})
}

func (f *family) port(k keys, p masked, shift int) keys {
	return f.beforePort(k).with(f.portsAt, uint32(p.value)<<shift, uint32(p.mask)<<shift)
}
