// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"fmt"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// filterOp adds a filter's elements, a message each, or deletes the whole of
// it. There is no change in place (see tc.Diff).
func (e *encoder) filterOp(ifindex int32, verb tc.Verb, f tc.Filter) error {
	if verb == tc.Delete {
		e.filterHeader(unix.RTM_DELTFILTER, 0, ifindex, 0, f)
		return e.emit(0)
	}
	switch spec := f.Spec.(type) {
	case tc.U32:
		return e.u32Nodes(ifindex, f, spec)
	case tc.BPF:
		return e.bpfProgram(ifindex, f, spec)
	}
	return fmt.Errorf("filter %s: not a kind that can be made here", f.Spec.Kind())
}

func (e *encoder) filterHeader(typ, flags uint16, ifindex int32, handle tc.Handle, f tc.Filter) {
	e.out.begin(typ, flags)
	e.out.tcmsg(ifindex, handle, f.Parent, uint32(f.Preference)<<16|uint32(big16(uint16(f.Protocol))))
	e.out.text(tcaKind, f.Spec.Kind())
}

func (e *encoder) u32Nodes(ifindex int32, f tc.Filter, u tc.U32) error {
	if len(u.Nodes) > tc.MaxU32Nodes {
		return fmt.Errorf("u32: %d nodes in a line, the most is %d", len(u.Nodes), tc.MaxU32Nodes)
	}
	for i, n := range u.Nodes {
		e.filterHeader(unix.RTM_NEWTFILTER, createNew, ifindex, tc.Handle(i+1), f)
		at := e.out.open(tcaOptions)
		if err := e.u32Node(n); err != nil {
			return err
		}
		e.out.close(at)
		if err := e.emit(i); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) u32Node(n tc.U32Node) error {
	if len(n.Keys) > 0xff {
		return fmt.Errorf("u32: %d keys in a node, the most is 255", len(n.Keys))
	}
	if n.FlowID != tc.HandleNone {
		e.out.u32(u32ClassID, uint32(n.FlowID))
	}
	if n.Redirect != nil {
		if err := e.redirect(n.Redirect); err != nil {
			return err
		}
	}
	at := e.out.open(u32Sel) // struct tc_u32_sel
	e.out.put8(u32Terminal, 0, uint8(len(n.Keys)), 0)
	e.out.put32(0)             // offmask, off
	e.out.put32(0)             // offoff, hoff
	e.out.put32(0)             // hmask
	for _, k := range n.Keys { // struct tc_u32_key
		e.out.put32(big32(k.Mask))
		e.out.put32(big32(k.Value))
		e.out.put32(uint32(k.At))
		e.out.put32(0) // offmask
	}
	e.out.close(at)
	return nil
}

// redirect writes a mirred action of its own for the node.
func (e *encoder) redirect(r *tc.Redirect) error {
	ifindex, err := e.resolve(r.Device)
	if err != nil {
		return fmt.Errorf("mirred: %w", err)
	}
	table := e.out.open(u32Act)
	action := e.out.open(1) // the first action
	e.out.text(actKind, "mirred")
	opts := e.out.open(actOptions)
	parms := e.out.open(mirredParms) // struct tc_mirred
	e.out.put32(0)                   // index: a new one
	e.out.put32(0)                   // capab
	e.out.put32(actStolen)
	e.out.put32(0) // refcnt
	e.out.put32(0) // bindcnt
	e.out.put32(egressRedir)
	e.out.put32(uint32(ifindex))
	e.out.close(parms)
	e.out.close(opts)
	e.out.close(action)
	e.out.close(table)
	return nil
}
