// SPDX-License-Identifier: Apache-2.0

package model

import (
	"encoding/binary"
	"net/netip"
)

const (
	icmp    = 1
	tcp     = 6
	udp     = 17
	dccp    = 33
	icmpv6  = 58
	sctp    = 132
	udpLite = 136

	hopByHop    = 0
	routing     = 43
	fragment    = 44
	ah          = 51
	destination = 60

	maxExtensions = 8
	ethernet      = 14
)

// Parse reads an Ethernet frame; ok is false if no match takes it.
func Parse(frame []byte) (p Packet, ok bool) {
	if len(frame) < ethernet {
		return p, false
	}
	body := frame[ethernet:]
	switch binary.BigEndian.Uint16(frame[12:]) {
	case 0x0800:
		return parseIPv4(body)
	case 0x86dd:
		return parseIPv6(body)
	}
	return p, false
}

func parseIPv4(b []byte) (p Packet, ok bool) {
	if len(b) < 20 {
		return p, false
	}
	p.DSCP, p.Protocol = b[1]>>2, b[9]
	p.Source, p.Destination = netip.AddrFrom4([4]byte(b[12:])), netip.AddrFrom4([4]byte(b[16:]))
	header := 4 * int(b[0]&0xf)
	later := binary.BigEndian.Uint16(b[6:])&0x1fff != 0
	if header >= 20 && !later && header <= len(b) {
		p.ports(b[header:])
	}
	return p, true
}

func (p *Packet) ports(b []byte) {
	switch p.Protocol {
	case tcp, udp, sctp, dccp, udpLite:
		if len(b) >= 4 {
			p.HasPorts = true
			p.SourcePort, p.DestinationPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
		}
	}
}

func parseIPv6(b []byte) (p Packet, ok bool) {
	if len(b) < 40 {
		return p, false
	}
	p.DSCP, p.Protocol = uint8(binary.BigEndian.Uint16(b)>>6)&63, b[6]
	p.Source, p.Destination = netip.AddrFrom16([16]byte(b[8:])), netip.AddrFrom16([16]byte(b[24:]))
	b = b[40:]
	for range maxExtensions {
		length, later := 0, false
		if len(b) >= 8 {
			switch p.Protocol {
			case hopByHop, routing, destination:
				length = 8 * (1 + int(b[1]))
			case ah:
				length = 4 * (2 + int(b[1]))
			case fragment:
				length = 8
				later = binary.BigEndian.Uint16(b[2:])>>3 != 0
			}
		}
		if length == 0 {
			break
		}
		p.Protocol = b[0]
		if later {
			return p, true
		}
		b = b[min(length, len(b)):]
	}
	p.ports(b)
	return p, true
}
