// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"tcni.dev/conf"
	"tcni.dev/pkg/bpf/model"
	"tcni.dev/pkg/tc"
)

const etherLen = 14

// classify does what the kernel does with lines of u32 nodes (u32_classify in
// net/sched/cls_u32.c): a key beyond the packet's end ends the search.
func classify(filters []tc.Object, frame []byte) tc.Handle {
	proto := tc.Protocol(binary.BigEndian.Uint16(frame[12:]))
	for _, o := range filters {
		f := o.(tc.Filter)
		if f.Protocol != proto {
			continue
		}
		for _, n := range f.Spec.(tc.U32).Nodes {
			all := true
			for _, k := range n.Keys {
				at := etherLen + int(k.At)
				if at+4 > len(frame) {
					return tc.HandleNone
				}
				if all = binary.BigEndian.Uint32(frame[at:])&k.Mask == k.Value; !all {
					break
				}
			}
			if all {
				return n.FlowID
			}
		}
	}
	return tc.HandleNone
}

// unseen tells that a line of u32 nodes sees less of a packet than a program
// does, as the README says: behind IPv4 options and IPv6 extension headers, and
// in a packet that ends before its ports.
func unseen(frame []byte) bool {
	if len(frame) < etherLen+1 {
		return true
	}
	switch frame[etherLen] >> 4 {
	case 4:
		return frame[etherLen]&0xf != 5 || len(frame) < etherLen+24
	case 6:
		if len(frame) < etherLen+44 {
			return true
		}
		switch frame[etherLen+6] {
		case 0, 43, 44, 51, 60: // extension headers (RFC 8200, 4302)
			return true
		}
	}
	return false
}

// TestLinesAgreeWithModel holds the u32 lines to what every classifier does.
func TestLinesAgreeWithModel(t *testing.T) {
	for seed := range uint64(40) {
		direction, n := []string{"ingress", "egress"}[seed%2], int(seed)%20
		t.Run(fmt.Sprintf("%s/%d/%d", direction, n, seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 7))
			routes := model.Routes(r, n)
			b := builder{direction: direction, classifier: conf.ClassifierU32}
			lines, _, err := b.lines(routes)
			if err != nil {
				t.Skip(err) // more nodes than a line has
			}
			look := func(frame []byte) (tc.Handle, error) { return classify(lines, frame), nil }
			if err := model.Compare(r, routes, direction == "egress", look, 1000, unseen); err != nil {
				t.Error(err)
			}
		})
	}
}
