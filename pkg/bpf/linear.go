// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"fmt"

	"tcni.dev/pkg/tc"
)

// Linear is the filter of a program that takes no packet, so that the next
// filter is asked, and makes each one linear: it brings the parts of a packet
// that lie in other pages (TCP's payload, sendfile(2), what GRO has joined) to
// where its headers are. What the kernel then splits is linear too (skb_segment
// in net/core/skbuff.c), and netem, which corrupts a bit of the linear part
// only (netem_enqueue in net/sched/sch_netem.c), has the whole packet before it.
// Where there is no memory for that, the packet passes as it is.
var Linear = tc.BPF{Name: namePrefix + "linear"}

// LoadLinear gives Linear's program to the kernel; errors are as Load's.
func LoadLinear() (*Program, error) {
	a := &assembler{}
	a.load(u32, r2, r1, skbLen)
	a.call(helperPullData) // since 4.9
	a.opImm(opMov, r0, 0)
	a.exit()
	return retried(Linear.Name, func() (*Program, error) {
		return loadProgram(Linear.Name, encode(a.insns, [mapRefs]int{}))
	})
}

// LoadFor loads the program that a filter of a plan is to have. A filter that
// was read from the kernel does not say what its program is made of.
func LoadFor(spec tc.BPF) (*Program, error) {
	if spec.Name == Linear.Name {
		return LoadLinear()
	}
	if spec.Table == nil {
		return nil, fmt.Errorf("bpf program %s: its routes are not known", spec.Name)
	}
	table, err := Compile(spec.Table.Routes, spec.Table.Egress)
	if err != nil {
		return nil, err
	}
	return table.Load()
}
