// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"testing"

	"tcni.dev/pkg/tc"
)

// FuzzParse gives garbage to everything that reads what comes from the kernel.
func FuzzParse(f *testing.F) {
	for _, tt := range roundTrips {
		for _, o := range parse(f, tt.text).Objects {
			var out buffer
			e := encoder{out: &out, resolve: func(string) (int32, error) { return 9, nil }}
			e.emit = func(int) error { return out.finish(1) }
			if err := e.op(7, &tc.Op{Verb: tc.Add, Object: o}); err != nil {
				f.Fatal(err)
			}
			f.Add(out.b)
		}
	}
	f.Add([]byte("\x24\x00\x00\x00\x02\x00\x00\x03\x01\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for m := range messages(b) {
			_ = parseAck(m).err()
			_ = parseLink(m.body)
			msg := parseTC(m.body)
			_ = parseStats(msg, false)
			_ = decodeHTBClass(msg.options)
			for i := range decoders {
				_ = decodeSpec(decoders[i].kind, msg.options).Args()
			}
			names := deviceNames{known: map[int32]string{}}
			if msg.options.attr(u32Act) == nil {
				_ = names.addElement(OtherFilter{}, msg)
			}
		}
	})
}

// FuzzOrder gives any objects to what puts them in order: all come out, once.
func FuzzOrder(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Fuzz(func(t *testing.T, b []byte) {
		var found objects
		for ; len(b) >= 3; b = b[3:] {
			parent, handle := tc.MakeHandle(uint16(b[0]&7), uint16(b[0]>>3&3)), tc.MakeHandle(uint16(b[1]&7), uint16(b[2]>>3&3))
			switch b[2] & 3 {
			case 0:
				found.qdiscs = append(found.qdiscs, tc.Qdisc{Parent: parent, Handle: handle, Spec: tc.HTB{}})
			case 1:
				found.qdiscs = append(found.qdiscs, tc.Qdisc{Parent: parent, Handle: handle, Spec: tc.TBF{}})
			default:
				found.classes = append(found.classes, tc.Class{Parent: parent, Handle: handle})
			}
		}
		n := 0
		for _, o := range found.inOrder() {
			if _, ok := o.(tc.Qdisc); ok {
				n++
			}
		}
		if n != len(found.qdiscs) {
			t.Fatalf("%d qdiscs of %d", n, len(found.qdiscs))
		}
	})
}
