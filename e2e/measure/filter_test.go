// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"encoding/binary"
	"testing"

	"golang.org/x/net/bpf"
)

// packet builds an Ethernet frame with ports; options are bytes of IPv4 options.
func packet(v6 bool, protocol byte, src, dst uint16, options int, fragment uint16) []byte {
	b := make([]byte, 14, 128)
	if v6 {
		binary.BigEndian.PutUint16(b[12:], 0x86dd)
		ip := make([]byte, 40)
		ip[0], ip[6] = 0x60, protocol
		binary.BigEndian.PutUint16(ip[4:], 20)
		b = append(b, ip...)
	} else {
		binary.BigEndian.PutUint16(b[12:], 0x0800)
		ip := make([]byte, 20+options)
		ip[0], ip[9] = byte(0x45+options/4), protocol
		binary.BigEndian.PutUint16(ip[2:], uint16(40+options))
		binary.BigEndian.PutUint16(ip[6:], fragment)
		b = append(b, ip...)
	}
	l4 := make([]byte, 20)
	binary.BigEndian.PutUint16(l4, src)
	binary.BigEndian.PutUint16(l4[2:], dst)
	l4[12] = 0x50
	return append(b, l4...)
}

func TestFilter(t *testing.T) {
	arp := append(make([]byte, 12), 0x08, 0x06)
	arp = append(arp, make([]byte, 28)...)
	for _, tc := range []struct {
		name   string
		filter Filter
		packet []byte
		want   bool
	}{
		{"all", Filter{}, arp, true},
		{"protocol", Filter{Protocol: 17}, packet(false, 17, 1, 2, 0, 0), true},
		{"other protocol", Filter{Protocol: 17}, packet(false, 6, 1, 2, 0, 0), false},
		{"ARP", Filter{Protocol: 17}, arp, false},
		{"source port", Filter{6, 80}, packet(false, 6, 80, 2, 0, 0), true},
		{"destination port", Filter{6, 80}, packet(false, 6, 2, 80, 0, 0), true},
		{"other port", Filter{6, 80}, packet(false, 6, 2, 81, 0, 0), false},
		{"behind options", Filter{6, 80}, packet(false, 6, 2, 80, 8, 0), true},
		{"fragment", Filter{17, 80}, packet(false, 17, 2, 80, 0, 100), false},
		{"first fragment", Filter{17, 80}, packet(false, 17, 2, 80, 0, 0x2000), true},
		{"IPv6", Filter{Protocol: 6}, packet(true, 6, 1, 2, 0, 0), true},
		{"IPv6 other protocol", Filter{Protocol: 6}, packet(true, 17, 1, 2, 0, 0), false},
		{"IPv6 source port", Filter{6, 80}, packet(true, 6, 80, 2, 0, 0), true},
		{"IPv6 destination port", Filter{6, 80}, packet(true, 6, 2, 80, 0, 0), true},
		{"IPv6 other port", Filter{6, 80}, packet(true, 6, 2, 81, 0, 0), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			raw, err := tc.filter.program()
			if err != nil {
				t.Fatal(err)
			}
			prog, ok := bpf.Disassemble(raw)
			vm, err := bpf.NewVM(prog)
			if !ok || err != nil {
				t.Fatal(ok, err)
			}
			n, err := vm.Run(tc.packet)
			if err != nil || (n > 0) != tc.want {
				t.Errorf("accepts %d bytes (%v), want accepted: %v", n, err, tc.want)
			}
		})
	}
	if _, err := (Filter{Port: 80}).program(); err == nil {
		t.Error("a port without a protocol is accepted")
	}
}

func TestFrameOnWire(t *testing.T) {
	for _, tc := range []struct {
		name           string
		f              frame
		packets, bytes int
	}{
		{"one", frame{packet(false, 6, 1, 2, 0, 0), 1514, 0}, 1, 1514},
		{"TSO", frame{packet(false, 6, 1, 2, 0, 0), 54 + 3000, 1448}, 3, 3000 + 3*54},
		{"TSO, full", frame{packet(true, 6, 1, 2, 0, 0), 74 + 2*1448, 1448}, 2, 2*1448 + 2*74},
		{"UDP GSO", frame{packet(false, 17, 1, 2, 0, 0), 42 + 1001, 500}, 3, 1001 + 3*42},
	} {
		if p, b := tc.f.wire(); p != tc.packets || b != tc.bytes {
			t.Errorf("%s: %d packets, %d bytes, want %d, %d", tc.name, p, b, tc.packets, tc.bytes)
		}
	}
	if n := (frame{data: packet(false, 6, 1, 2, 8, 0)}).lengthOnWire(); n != 62 {
		t.Errorf("length from the IPv4 header is %d, want 62", n)
	}
	if n := (frame{data: packet(true, 6, 1, 2, 0, 0)}).lengthOnWire(); n != 74 {
		t.Errorf("length from the IPv6 header is %d, want 74", n)
	}
}
