// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"errors"
	"fmt"
	"iter"
	"syscall"

	"golang.org/x/sys/unix"
)

// ack is the kernel's answer to one message.
type ack struct {
	seq   uint32
	errno syscall.Errno // 0: done
	text  string        // extended ack
}

// KernelError is an error of the kernel's with its own words about it.
type KernelError struct {
	Errno  syscall.Errno
	ExtAck string // empty where the kernel said nothing
}

// Error prints the kernel's words, and the errno's.
func (e *KernelError) Error() string {
	if e.ExtAck == "" {
		return e.Errno.Error()
	}
	return fmt.Sprintf("%s (%v)", e.ExtAck, e.Errno)
}

// Unwrap returns the errno.
func (e *KernelError) Unwrap() error { return e.Errno }

// message is one netlink message that came in.
type message struct {
	typ, flags uint16
	seq        uint32
	body       field
}

// messages yields the messages of a datagram. It stops at the first malformed one.
func messages(b field) iter.Seq[message] {
	return func(yield func(message) bool) {
		for len(b) >= headerLen {
			n := int(b.u32(0))
			if n < headerLen || n > len(b) {
				return
			}
			if !yield(message{b.u16(4), b.u16(6), b.u32(8), b[headerLen:n]}) {
				return
			}
			b = b.from((n + 3) &^ 3)
		}
	}
}

// parseAck reads an NLMSG_ERROR or NLMSG_DONE, include/uapi/linux/netlink.h.
func parseAck(m message) ack {
	a := ack{seq: m.seq, errno: syscall.Errno(-m.body.i32(0))}
	if m.flags&unix.NLM_F_ACK_TLVS == 0 {
		return a
	}
	skip := 4 // NLMSG_DONE has the attributes right after the error
	if m.typ == unix.NLMSG_ERROR {
		skip += headerLen
		if m.flags&unix.NLM_F_CAPPED == 0 { // our whole message is sent back before them
			skip = 4 + int(min(m.body.u32(4), 1<<20)+3)&^3
		}
	}
	a.text = m.body.from(skip).attr(unix.NLMSGERR_ATTR_MSG).text()
	return a
}

func (a ack) err() error {
	if a.errno == 0 {
		return nil
	}
	return &KernelError{Errno: a.errno, ExtAck: a.text}
}

// send writes one datagram of messages.
func (c *Conn) send(b []byte) error {
	for {
		_, err := unix.Write(c.fd, b)
		if !errors.Is(err, unix.EINTR) {
			if err != nil {
				return fmt.Errorf("netlink send: %w", err)
			}
			return nil
		}
	}
}

// receive reads one datagram. What does not come from the kernel is passed
// over: in a container's namespace its root can write to any netlink socket.
func (c *Conn) receive() (field, error) {
	for {
		n, from, err := unix.Recvfrom(c.fd, c.in, unix.MSG_TRUNC)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return nil, fmt.Errorf("netlink receive: %w", err)
		case n > len(c.in):
			return nil, fmt.Errorf("netlink receive: datagram of %d bytes, room for %d", n, len(c.in))
		}
		if sa, ok := from.(*unix.SockaddrNetlink); ok && sa.Pid == 0 {
			return c.in[:n], nil
		}
	}
}

// errInterrupted says that what is dumped changed meanwhile (NLM_F_DUMP_INTR).
var errInterrupted = errors.New("the kernel's objects changed while they were listed")

// request sends the message in c.out and hands every message of the answer to
// visit, up to the acknowledgement or the end of the dump.
func (c *Conn) request(visit func(message) error) error {
	c.seq++
	seq := c.seq
	if err := c.out.finish(seq); err != nil {
		return err
	}
	if err := c.send(c.out.b); err != nil {
		return err
	}
	var failed error
	for {
		datagram, err := c.receive()
		if err != nil {
			return err
		}
		for m := range messages(datagram) {
			switch {
			case m.seq != seq:
			case m.typ == unix.NLMSG_ERROR || m.typ == unix.NLMSG_DONE:
				if err := parseAck(m).err(); err != nil {
					return err
				}
				return failed
			case failed == nil && m.flags&unix.NLM_F_DUMP_INTR != 0:
				failed = errInterrupted
			case failed == nil:
				failed = visit(m)
			}
		}
	}
}
