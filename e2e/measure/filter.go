// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"errors"
	"fmt"

	"golang.org/x/net/bpf"
)

// Filter selects packets for a [Counter]. The zero value selects all.
type Filter struct {
	// Protocol of IP: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6; 0 is any.
	Protocol uint8
	// Port, source or destination, of TCP or UDP; 0 is any. It needs a Protocol.
	Port uint16
}

// snap is how much of a frame a counter copies: all headers of TCP over IPv6 with options.
const snap = 256

// program is the filter for untagged Ethernet, IPv4 with options and IPv6 without extension headers.
// It is written with labels, as jumps by distance cannot be read.
func (f Filter) program() ([]bpf.RawInstruction, error) {
	if f.Port != 0 && f.Protocol == 0 {
		return nil, errors.New("filter: a port needs a protocol")
	}
	if f.Protocol == 0 {
		return bpf.Assemble([]bpf.Instruction{bpf.RetConstant{Val: snap}})
	}
	p := []step{
		{ins: bpf.LoadAbsolute{Off: 12, Size: 2}},
		{eq: 0x86dd, yes: "v6"},
		{eq: 0x0800, no: "reject"},
		{ins: bpf.LoadAbsolute{Off: 23, Size: 1}},
		{eq: uint32(f.Protocol), no: "reject"},
	}
	if f.Port == 0 {
		p = append(p, step{ins: bpf.RetConstant{Val: snap}})
	} else {
		p = append(p,
			step{ins: bpf.LoadAbsolute{Off: 20, Size: 2}},
			step{ins: bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0x1fff}},
			step{eq: 0, no: "reject"}, // a later fragment has no ports
			step{ins: bpf.LoadMemShift{Off: 14}},
			step{ins: bpf.LoadIndirect{Off: 14, Size: 2}}, step{eq: uint32(f.Port), yes: "accept"},
			step{ins: bpf.LoadIndirect{Off: 16, Size: 2}}, step{eq: uint32(f.Port), yes: "accept", no: "reject"})
	}
	p = append(p, step{label: "v6", ins: bpf.LoadAbsolute{Off: 20, Size: 1}}, step{eq: uint32(f.Protocol), no: "reject"})
	if f.Port != 0 {
		p = append(p,
			step{ins: bpf.LoadAbsolute{Off: 54, Size: 2}}, step{eq: uint32(f.Port), yes: "accept"},
			step{ins: bpf.LoadAbsolute{Off: 56, Size: 2}}, step{eq: uint32(f.Port), no: "reject"})
	}
	p = append(p, step{label: "accept", ins: bpf.RetConstant{Val: snap}}, step{label: "reject", ins: bpf.RetConstant{}})
	return link(p)
}

// step is an instruction, or a comparison of the accumulator that jumps to labels; an empty label
// is the next step.
type step struct {
	label   string
	ins     bpf.Instruction
	eq      uint32
	yes, no string
}

func link(steps []step) ([]bpf.RawInstruction, error) {
	at := map[string]int{}
	for i, s := range steps {
		if s.label != "" {
			at[s.label] = i
		}
	}
	prog := make([]bpf.Instruction, len(steps))
	for i, s := range steps {
		if prog[i] = s.ins; s.ins != nil {
			continue
		}
		skip := func(label string) uint8 {
			if label == "" {
				return 0
			}
			return uint8(at[label] - i - 1)
		}
		prog[i] = bpf.JumpIf{Cond: bpf.JumpEqual, Val: s.eq, SkipTrue: skip(s.yes), SkipFalse: skip(s.no)}
	}
	raw, err := bpf.Assemble(prog)
	if err != nil {
		return nil, fmt.Errorf("filter: %w", err)
	}
	return raw, nil
}
