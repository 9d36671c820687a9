// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"bytes"
	"errors"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// dumpTries bounds how often a list is asked for again that changed meanwhile.
const dumpTries = 5

// tcMessage is a qdisc, class or filter message taken apart.
type tcMessage struct {
	index          int32
	handle, parent tc.Handle
	info           uint32
	kind           string
	options, stats field
}

func parseTC(b field) tcMessage {
	m := tcMessage{index: b.i32(4), handle: tc.Handle(b.u32(8)), parent: tc.Handle(b.u32(12)), info: b.u32(16)}
	for typ, v := range b.from(tcmsgLen).attrs() {
		switch typ {
		case tcaKind:
			m.kind = kindOf(v)
		case tcaOptions:
			m.options = v
		case tcaStats2:
			m.stats = v
		}
	}
	return m
}

// kindOf is the text of a kind. Those that we make are not copied each time.
func kindOf(v field) string {
	name := v
	if i := bytes.IndexByte(v, 0); i >= 0 {
		name = v[:i]
	}
	for _, kind := range [...]string{"u32", "htb", "tbf", "bfifo", "pfifo", "netem", "bpf", "clsact"} {
		if string(name) == kind {
			return kind
		}
	}
	return string(name)
}

// list asks for all objects of a kind on a device, or, with the index 0, for the
// qdiscs on all devices. A qdisc dump is of all devices in kernels up to 6.12,
// whatever is asked for. What visit is given lasts until the next call.
func (c *Conn) list(typ uint16, index int32, parent tc.Handle, visit func(tcMessage)) error {
	if typ == unix.RTM_GETQDISC && c.qdiscs != nil {
		for _, m := range c.qdiscs[index] {
			visit(m)
		}
		return nil
	}
	return c.listNow(typ, index, parent, visit)
}

// listNow is list without what Snapshot has read.
func (c *Conn) listNow(typ uint16, index int32, parent tc.Handle, visit func(tcMessage)) error {
	var err error
	for range dumpTries {
		c.kept = c.kept[:0]
		c.out.reset()
		c.out.begin(typ, unix.NLM_F_DUMP)
		c.out.tcmsg(index, 0, parent, 0)
		err = c.request(func(m message) error {
			if index == 0 || m.body.i32(4) == index {
				c.keep(m.body)
			}
			return nil
		})
		if !errors.Is(err, errInterrupted) {
			break
		}
	}
	if err != nil {
		return err
	}
	for b := field(c.kept); len(b) > 0; {
		n := 4 + int(b.u32(0))
		visit(parseTC(b[4:n]))
		b = b[n:]
	}
	return nil
}

// keep copies a message, with its length before it, out of the socket's buffer,
// which is used again.
func (c *Conn) keep(body field) {
	c.kept = append(native.AppendUint32(c.kept, uint32(len(body))), body...)
}
