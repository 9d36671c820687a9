// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"testing"

	"tcni.dev/pkg/tc"
)

// icmpv6 is a frame with a message of a type, behind other headers.
func icmpv6(next byte, behind []byte, typ byte) []byte {
	frame := append(make([]byte, 12), 0x86, 0xdd, 0x60, 0, 0, 0, 0, 32, next, 255)
	frame = append(frame, make([]byte, 32)...) // the addresses
	frame = append(append(frame, behind...), typ, 0, 0, 0)
	return append(frame, make([]byte, 20)...)
}

func TestFirstHopIsExempt(t *testing.T) {
	listener := []byte{protoICMPv6, 0, 5, 2, 0, 0, 1, 0} // as the kernel's MLD sends it
	reservation := []byte{protoICMPv6, 0, 5, 2, 0, 1, 1, 0}
	longer := append([]byte{protoICMPv6, 1, 5, 2, 0, 0, 1, 8}, make([]byte, 8)...)
	filters, err := (&builder{}).filters(nil)
	if err != nil {
		t.Fatal(err)
	}
	for typ := range 256 {
		discovery := tc.HandleNone
		if typ >= 133 && typ <= 137 {
			discovery = Unshaped
		}
		for _, c := range []struct {
			name  string
			frame []byte
			want  tc.Handle
		}{
			{"alone", icmpv6(protoICMPv6, nil, byte(typ)), discovery},
			{"behind the alert of a listener", icmpv6(protoHopByHop, listener, byte(typ)), Unshaped},
			{"behind another alert", icmpv6(protoHopByHop, reservation, byte(typ)), tc.HandleNone},
			{"behind a longer header", icmpv6(protoHopByHop, longer, byte(typ)), tc.HandleNone},
			{"behind another header", icmpv6(60, listener, byte(typ)), tc.HandleNone},
		} {
			if got := classify(filters, c.frame); got != c.want {
				t.Errorf("type %d %s: got class %v, want %v", typ, c.name, got, c.want)
			}
		}
	}
}
