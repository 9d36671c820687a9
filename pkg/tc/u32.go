// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"strings"
)

// U32 is the universal 32-bit classifier, tc-u32(8), as a line: nodes of one
// table, asked in the order of their numbers, 1..4095. The table's own number
// is the kernel's choice.
type U32 struct {
	Nodes []U32Node // node i has the number i+1
}

// MaxU32Nodes is how many nodes a line can have (12 bits, net/sched/cls_u32.c).
const MaxU32Nodes = 0xfff

// U32Node is one node: a packet that has all its keys goes to the class FlowID,
// or where Redirect says.
type U32Node struct {
	Keys     []U32Key
	FlowID   Handle
	Redirect *Redirect // an action instead of a class
}

// U32Key compares the 32 bits at byte At of the network header, under Mask,
// with Value. The zero value matches every packet.
type U32Key struct {
	Value, Mask uint32
	At          int32
}

// Kind implements FilterSpec.
func (U32) Kind() string { return "u32" }

// Elements implements FilterSpec.
func (u U32) Elements() []string {
	var out []string
	for i, n := range u.Nodes {
		out = append(out, fmt.Sprintf("handle ::%x u32%s", i+1, n.words()))
	}
	return out
}

func (n U32Node) words() string {
	var b strings.Builder
	for _, k := range n.Keys {
		fmt.Fprintf(&b, " match u32 0x%08x 0x%08x at %d", k.Value, k.Mask, k.At)
	}
	if n.FlowID != HandleNone {
		fmt.Fprintf(&b, " flowid %v", n.FlowID)
	}
	if n.Redirect != nil {
		b.WriteString(" " + n.Redirect.Args())
	}
	return b.String()
}

func parseU32Node(w *Words) (n U32Node, err error) {
	for !w.Done() && err == nil {
		switch {
		case w.Accept("match"):
			var k U32Key
			k, err = parseU32Key(w)
			n.Keys = append(n.Keys, k)
		case w.Accept("flowid", "classid"):
			n.FlowID, err = Arg(w, "flowid", ParseHandle)
		case w.Accept("action"):
			n.Redirect, err = parseRedirect(w)
		default:
			err = fmt.Errorf("u32: unknown word %q", w.Peek())
		}
	}
	return n, err
}

func parseU32Key(w *Words) (k U32Key, err error) {
	if err = w.Expect("u32"); err != nil {
		return k, err
	}
	if k.Value, err = Arg(w, "match", ParseUint32); err != nil {
		return k, err
	}
	if k.Mask, err = Arg(w, "match", ParseUint32); err != nil {
		return k, err
	}
	if err = w.Expect("at"); err != nil {
		return k, err
	}
	k.At, err = Arg(w, "at", ParseInt32)
	return k, err
}

func parseRedirect(w *Words) (*Redirect, error) {
	for _, word := range []string{"mirred", "egress", "redirect", "dev"} {
		if err := w.Expect(word); err != nil {
			return nil, err
		}
	}
	if w.Done() {
		return nil, fmt.Errorf("mirred: device is missing")
	}
	return &Redirect{Device: w.Next()}, nil
}
