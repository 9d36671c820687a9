// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"tcni.dev/pkg/bpf"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
)

// programs are the eBPF programs of a batch. A filter keeps its program once it
// is there; the descriptors are for the batch only.
type programs []*bpf.Program

// load gives the programs that the steps attach to the kernel.
func (loaded *programs) load(p *place, b *rtnl.Batch, ops []tc.Op) error {
	for _, op := range ops {
		f, _ := op.Object.(tc.Filter)
		spec, ok := f.Spec.(tc.BPF)
		if !ok || op.Verb == tc.Delete {
			continue
		}
		program, err := loaded.program(p, spec)
		if err != nil {
			return err
		}
		b.Program(spec, program.FD())
	}
	return nil
}

func (loaded *programs) program(p *place, spec tc.BPF) (*bpf.Program, error) {
	if spec.Name == bpf.Linear.Name {
		return p.linearProgram()
	}
	program, err := bpf.LoadFor(spec)
	if err == nil {
		*loaded = append(*loaded, program)
	}
	return program, err
}

func (loaded programs) close() {
	for _, program := range loaded {
		program.Close()
	}
}

// linearProgram is the program that makes packets linear: one for both
// directions, loaded to see that programs can be had and kept to be attached.
func (p *place) linearProgram() (*bpf.Program, error) {
	if p.linear != nil {
		return p.linear, nil
	}
	var err error
	p.linear, err = bpf.LoadLinear()
	return p.linear, err
}
