// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"encoding/hex"
	"fmt"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// program is a loaded eBPF program that a filter of a batch refers to.
type program struct {
	spec tc.BPF
	fd   int
}

// bpfProgram attaches a program. The filter holds it from then on; its file
// descriptor may be closed.
func (e *encoder) bpfProgram(ifindex int32, f tc.Filter, spec tc.BPF) error {
	for _, p := range e.programs {
		if p.spec != spec {
			continue
		}
		e.filterHeader(unix.RTM_NEWTFILTER, createNew, ifindex, 1, f)
		at := e.out.open(tcaOptions)
		e.out.u32(bpfFD, uint32(p.fd))
		e.out.text(bpfName, spec.Name)
		if spec.DirectAction {
			e.out.u32(bpfFlags, bpfActDirect)
		}
		e.out.close(at)
		return e.emit(0)
	}
	return fmt.Errorf("bpf %s: no program was given", spec.Name)
}

func decodeBPF(opts field) tc.BPF {
	return tc.BPF{
		Name:         opts.attr(bpfName).text(),
		Tag:          hex.EncodeToString(opts.attr(bpfTag)),
		DirectAction: opts.attr(bpfFlags).u32(0)&bpfActDirect != 0,
	}
}
