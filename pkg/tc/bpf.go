// SPDX-License-Identifier: Apache-2.0

package tc

import "fmt"

// BPF is one eBPF program as a classifier, tc-bpf(8): in classid mode, where
// its return value is the class, or in direct-action mode.
type BPF struct {
	Name         string // of the program; ours holds a digest of its routes
	Tag          string // the kernel's hash of its instructions, on dumps: 16 hexadecimal digits
	DirectAction bool
	Table        *RouteTable // what the program is to be made of; nil on dumps
}

// RouteTable is what a classifying program looks packets up in.
type RouteTable struct {
	Routes []Route
	Egress bool // the remote end is a packet's destination
}

// Kind implements FilterSpec.
func (BPF) Kind() string { return "bpf" }

// Elements implements FilterSpec. The program itself has no words in tc(8): the
// line tells which one it is.
func (b BPF) Elements() []string {
	line := join("handle 0x1 bpf", optional("name", b.Name))
	if b.DirectAction {
		line += " direct-action"
	}
	return []string{line}
}

func parseBPF(w *Words) (b BPF, err error) {
	for !w.Done() && err == nil {
		switch {
		case w.Accept("name"):
			if b.Name = w.Next(); b.Name == "" {
				err = fmt.Errorf("bpf: name is missing")
			}
		case w.Accept("direct-action"):
			b.DirectAction = true
		default:
			err = fmt.Errorf("bpf: unknown word %q", w.Peek())
		}
	}
	return b, err
}
