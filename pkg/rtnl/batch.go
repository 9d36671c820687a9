// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// Device names a device in the namespace of a Conn.
type Device struct {
	Name  string
	Index int32 // 0: looked up by Name when the batch runs
}

// Batch collects steps for any number of devices of one namespace.
type Batch struct {
	conn     *Conn
	items    []item
	programs []program
}

// item is a part of a batch: the steps for a device, or one of its other names.
type item struct {
	dev  Device
	ops  []tc.Op
	prop uint16 // RTM_NEWLINKPROP or RTM_DELLINKPROP of name; 0: ops
	name string
}

// Batch returns an empty batch. Nothing is sent before Run.
func (c *Conn) Batch() *Batch { return &Batch{conn: c} }

// Apply adds the steps for a device, as tc.Diff returns them. A device that the
// steps make (the first of them adds a tc.Link) needs no Index. A mirred
// action's device is one of the batch, or one that is there.
func (b *Batch) Apply(dev Device, ops []tc.Op) {
	if len(ops) > 0 {
		b.items = append(b.items, item{dev: dev, ops: ops})
	}
}

// AddAltName gives a device one more name, of at most 127 bytes (since 5.5).
// A device of this namespace that has the name already makes it fail (EEXIST).
func (b *Batch) AddAltName(dev Device, name string) {
	b.items = append(b.items, item{dev: dev, prop: unix.RTM_NEWLINKPROP, name: name})
}

// DelAltName takes such a name away.
func (b *Batch) DelAltName(dev Device, name string) {
	b.items = append(b.items, item{dev: dev, prop: unix.RTM_DELLINKPROP, name: name})
}

// Program gives the loaded program that filters with this very tc.BPF attach.
// The descriptor is used by Run only.
func (b *Batch) Program(spec tc.BPF, fd int) {
	b.programs = append(b.programs, program{spec: spec, fd: fd})
}

// Apply runs a batch for one device.
func (c *Conn) Apply(dev Device, ops []tc.Op) error {
	b := c.Batch()
	b.Apply(dev, ops)
	return b.Run()
}

// makesLink tells whether the item begins by making its device.
func (i *item) makesLink() bool {
	if len(i.ops) == 0 || i.ops[0].Verb != tc.Add {
		return false
	}
	_, ok := i.ops[0].Object.(tc.Link)
	return ok
}
