// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// Dump reads everything on a device: its qdiscs, the classes of its HTBs, and
// the filters of its HTBs and of clsact or ingress. Objects are in the order of
// tc.Tree. Qdiscs that the kernel attached by itself have no handle and are
// left out, filters that hang on inner classes too. A qdisc of a kind that we
// do not make is a tc.Other, such a filter a spec that has only its kind.
//
// The kernel keeps the u32 tables of clsact's two hooks together and lists those
// of one preference at both (u32_walk in net/sched/cls_u32.c): a preference
// must not be used at both.
//
// Where the first object of the tree is to be a tc.Link, see DumpLink.
func (c *Conn) Dump(dev Device) (tc.Tree, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	tree, err := c.dump(dev)
	if err != nil {
		return tc.Tree{}, fmt.Errorf("dump %s: %w", dev.Name, err)
	}
	return tree, nil
}

// DumpLink is Dump with the device itself as the first object, for a device
// that exists for our sake. A device that is not there is an empty tree.
func (c *Conn) DumpLink(name string) (tc.Tree, error) {
	link, err := c.LinkByName(name)
	if errors.Is(err, unix.ENODEV) {
		return tc.Tree{Device: name}, nil
	}
	if err != nil {
		return tc.Tree{}, err
	}
	tree, err := c.Dump(link.Device())
	if err != nil {
		return tc.Tree{}, err
	}
	self := tc.Link{Kind: link.Kind, TxQueueLen: link.TxQLen, MTU: link.MTU}
	tree.Objects = append([]tc.Object{self}, tree.Objects...)
	return tree, nil
}

func (c *Conn) dump(dev Device) (tc.Tree, error) {
	index, err := c.indexOf(dev)
	if err != nil {
		return tc.Tree{}, err
	}
	var found objects
	if err := c.list(unix.RTM_GETQDISC, index, 0, func(m tcMessage) {
		if m.handle != tc.HandleNone {
			found.qdiscs = append(found.qdiscs, tc.Qdisc{Parent: m.parent, Handle: m.handle, Spec: decodeSpec(m.kind, m.options)})
		}
	}); err != nil {
		return tc.Tree{}, err
	}
	for _, q := range found.qdiscs {
		if err := c.dumpInside(index, q, &found); err != nil {
			return tc.Tree{}, err
		}
	}
	return tc.Tree{Device: dev.Name, Objects: found.inOrder()}, nil
}

// dumpInside reads the classes and filters of a qdisc that can have some.
func (c *Conn) dumpInside(index int32, q tc.Qdisc, found *objects) error {
	switch spec := q.Spec.(type) {
	case tc.HTB:
		if err := c.list(unix.RTM_GETTCLASS, index, q.Handle, func(m tcMessage) {
			if m.kind == "htb" && m.handle.Major() == q.Handle.Major() {
				found.classes = append(found.classes, htbClass(m))
			}
		}); err != nil {
			return err
		}
		return c.dumpFilters(index, q.Handle, found)
	case tc.Clsact:
		if err := c.dumpFilters(index, tc.HandleIngress, found); err != nil || spec.IngressOnly {
			return err
		}
		return c.dumpFilters(index, tc.HandleEgress, found)
	}
	return nil
}

// htbClass names the qdisc as the parent of a class that has no class above
// it, as it was made; the kernel says root there (htb_dump_class).
func htbClass(m tcMessage) tc.Class {
	c := tc.Class{Parent: m.parent, Handle: m.handle, HTB: decodeHTBClass(m.options)}
	if c.Parent == tc.HandleRoot {
		c.Parent = tc.MakeHandle(c.Handle.Major(), 0)
	}
	return c
}
