// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"errors"
	"hash/fnv"
	"syscall"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

func (e *encoder) linkOp(ifindex int32, verb tc.Verb, l tc.Link) error {
	switch verb {
	case tc.Change:
		e.out.begin(unix.RTM_NEWLINK, 0)
		if l.Kind == "" { // whose device it is also says whether it is up
			e.out.ifinfo(ifindex, 0)
		} else {
			e.out.ifinfo(ifindex, unix.IFF_UP)
		}
		e.linkAttrs(l)
		return e.emit(0)
	case tc.Delete:
		e.out.begin(unix.RTM_DELLINK, 0)
		e.out.ifinfo(ifindex, 0)
		return e.emit(0)
	}
	return errVerb(verb) // Add is makeLinks' work
}

// newLink makes a device and sets it up; index 0 leaves the choice to the kernel.
func (e *encoder) newLink(index int32, name string, l tc.Link) error {
	e.out.begin(unix.RTM_NEWLINK, createNew)
	e.out.ifinfo(index, unix.IFF_UP)
	e.out.text(unix.IFLA_IFNAME, name)
	e.linkAttrs(l)
	at := e.out.open(unix.IFLA_LINKINFO)
	e.out.text(unix.IFLA_INFO_KIND, l.Kind)
	e.out.close(at)
	return e.emit(0)
}

func (e *encoder) linkAttrs(l tc.Link) {
	e.out.u32(unix.IFLA_TXQLEN, l.TxQueueLen)
	if l.MTU != 0 {
		e.out.u32(unix.IFLA_MTU, l.MTU)
	}
}

func (e *encoder) altName(ifindex int32, typ uint16, name string) {
	flags := uint16(0)
	if typ == unix.RTM_NEWLINKPROP {
		flags = createNew | unix.NLM_F_APPEND
	}
	e.out.begin(typ, flags)
	e.out.ifinfo(ifindex, 0)
	at := e.out.open(unix.IFLA_PROP_LIST | unix.NLA_F_NESTED) // strictly parsed: the flag is needed
	e.out.text(unix.IFLA_ALT_IFNAME, name)
	e.out.close(at)
}

// chosenIndex is the index that a new device asks for: what is sent with the
// device can then already refer to it. It follows from the name and lies far
// above those that the kernel gives out itself, 2^30 and up.
func chosenIndex(name string) int32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	return int32(h.Sum32()&(1<<30-1) | 1<<30)
}

// makeLinks makes the devices of the batch. They go ahead of everything else,
// in a system call of their own: should the chosen index be taken, nothing may
// already be on its way to whatever device has it. Then the kernel chooses, and
// moved is true: what was encoded refers to the wrong index.
func (r *run) makeLinks() (moved bool, err error) {
	saved := r.conn.out
	savedSent, savedChunks, savedBase := r.conn.sent, r.chunks, r.base
	var made []int
	for i := range r.items {
		if r.items[i].makesLink() {
			made = append(made, i)
		}
	}
	if len(made) == 0 {
		return false, nil
	}
	r.conn.out, r.conn.sent, r.chunks = buffer{}, nil, nil
	defer func() {
		r.conn.out, r.conn.sent, r.chunks, r.base = saved, savedSent, savedChunks, savedBase
	}()
	if err := r.sendLinks(made, false); err != nil {
		return false, err
	}
	taken := r.takenIndexes()
	if len(taken) == 0 {
		return false, nil
	}
	return true, r.sendLinks(taken, true)
}

// sendLinks makes the devices of some items.
func (r *run) sendLinks(items []int, kernelChooses bool) error {
	r.start()
	for _, i := range items {
		it := &r.items[i]
		r.now = origin{item: int32(i)}
		index := r.index[i]
		if kernelChooses {
			index = 0
		}
		if err := r.enc.newLink(index, it.dev.Name, it.ops[0].Object.(tc.Link)); err != nil {
			return r.opError(r.now, ack{}, err)
		}
	}
	if err := r.exchange(); err != nil || !kernelChooses || len(r.errs) > 0 {
		return err
	}
	for _, i := range items {
		link, err := r.conn.link(byName(r.items[i].dev.Name))
		if err != nil {
			return r.opError(origin{item: int32(i)}, ack{}, err)
		}
		for k := range r.items {
			if r.items[k].dev.Name == link.Name {
				r.index[k] = link.Index
			}
		}
	}
	return nil
}

// takenIndexes returns the items whose device was refused for its index alone,
// and forgives these refusals.
func (r *run) takenIndexes() []int {
	var taken []int
	errs := r.errs
	r.errs = nil
	for _, e := range errs {
		busy := errors.Is(e, syscall.EBUSY) || errors.Is(e, syscall.EEXIST)
		if _, err := r.conn.link(byName(e.Device)); busy && errors.Is(err, syscall.ENODEV) {
			taken = append(taken, int(e.item))
			continue
		}
		r.errs = append(r.errs, e)
	}
	if len(r.errs) > 0 {
		return nil
	}
	return taken
}
