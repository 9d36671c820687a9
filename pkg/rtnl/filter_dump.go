// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"bytes"
	"cmp"
	"errors"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// OtherFilter is a classifier that we never make.
type OtherFilter struct{ Name string }

// Kind implements tc.FilterSpec.
func (f OtherFilter) Kind() string { return f.Name }

// Elements implements tc.FilterSpec.
func (OtherFilter) Elements() []string { return nil }

// dumpFilters reads the filters at one parent. The kernel lists the elements of
// one filter in a row, with one of its own before them that has no handle.
func (c *Conn) dumpFilters(index int32, parent tc.Handle, found *objects) error {
	names := deviceNames{conn: c}
	err := c.list(unix.RTM_GETTFILTER, index, parent, func(m tcMessage) {
		f := tc.Filter{Parent: parent, Preference: uint16(m.info >> 16), Protocol: tc.Protocol(big16(uint16(m.info)))}
		list := found.filters
		if n := len(list); n == 0 || list[n-1].Parent != f.Parent || list[n-1].Preference != f.Preference || list[n-1].Protocol != f.Protocol {
			f.Spec = OtherFilter{Name: m.kind}
			list = append(list, f)
		}
		last := &list[len(list)-1]
		last.Spec = names.addElement(last.Spec, m)
		found.filters = list
	})
	return cmp.Or(err, names.err)
}

// addElement joins what one message tells to what is known of the filter.
func (d *deviceNames) addElement(spec tc.FilterSpec, m tcMessage) tc.FilterSpec {
	switch m.kind {
	case "u32":
		u, _ := spec.(tc.U32)
		if m.options.attr(u32Sel) != nil {
			u.Nodes = append(u.Nodes, d.u32Node(m.options))
		}
		return u
	case "bpf":
		if m.handle != 0 {
			return decodeBPF(m.options)
		}
	}
	return spec
}

func (d *deviceNames) u32Node(opts field) tc.U32Node {
	n := tc.U32Node{FlowID: tc.Handle(opts.attr(u32ClassID).u32(0))}
	sel := opts.attr(u32Sel)
	keys := sel.from(16)
	n.Keys = make([]tc.U32Key, 0, min(int(sel.u8(2)), len(keys)/16))
	for range sel.u8(2) {
		if len(keys) < 16 {
			break
		}
		n.Keys = append(n.Keys, tc.U32Key{Mask: big32(keys.u32(0)), Value: big32(keys.u32(4)), At: keys.i32(8)})
		keys = keys.from(16)
	}
	for _, action := range opts.attr(u32Act).attrs() {
		if !bytes.Equal(action.attr(actKind), []byte("mirred\x00")) {
			continue
		}
		p := action.attr(actOptions).attr(mirredParms)
		if p.i32(20) == egressRedir {
			n.Redirect = &tc.Redirect{Device: d.name(p.i32(24))}
		}
	}
	return n
}

// deviceNames turns indexes into names while filters are read.
type deviceNames struct {
	conn  *Conn
	known map[int32]string
	err   error
}

// name is empty for a device that has gone: an action outlives the device that
// it leads to, and then tells the index 0 (mirred_device_event in
// net/sched/act_mirred.c).
func (d *deviceNames) name(index int32) string {
	if index == 0 {
		return ""
	}
	if name, ok := d.known[index]; ok {
		return name
	}
	link, err := d.conn.link(linkQuery{index: index})
	if errors.Is(err, unix.ENODEV) {
		return ""
	}
	if err != nil {
		d.err = err
		return ""
	}
	if d.known == nil {
		d.known = map[int32]string{}
	}
	d.known[index] = link.Name
	return link.Name
}
