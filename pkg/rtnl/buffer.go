// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

const (
	headerLen = 16 // struct nlmsghdr
	tcmsgLen  = 20 // struct tcmsg
	ifinfoLen = 16 // struct ifinfomsg
	rtgenLen  = 4  // struct rtgenmsg, aligned

	maxAttr = 1<<16 - 1 // nla_len has 16 bits
)

var native = binary.NativeEndian

// buffer builds netlink messages one after the other.
type buffer struct {
	b    []byte
	head int   // where the message being built begins
	err  error // of the message being built: an attribute longer than one can be
}

func (b *buffer) reset() { b.b, b.head, b.err = b.b[:0], 0, nil }

// begin starts a message; its length and sequence number come later.
func (b *buffer) begin(typ, flags uint16) {
	b.head = len(b.b)
	b.put32(0)
	b.put16(typ)
	b.put16(flags | unix.NLM_F_REQUEST)
	b.put32(0)
	b.put32(0)
}

// finish writes the message's length and gives it a sequence number.
func (b *buffer) finish(seq uint32) error {
	native.PutUint32(b.b[b.head:], uint32(len(b.b)-b.head))
	native.PutUint32(b.b[b.head+8:], seq)
	err := b.err
	b.err = nil
	return err
}

// tcmsg writes the fixed part of a qdisc, class or filter message.
func (b *buffer) tcmsg(ifindex int32, handle, parent tc.Handle, info uint32) {
	b.put32(unix.AF_UNSPEC)
	b.put32(uint32(ifindex))
	b.put32(uint32(handle))
	b.put32(uint32(parent))
	b.put32(info)
}

// ifinfo writes the fixed part of a link message; set holds the flags to set.
func (b *buffer) ifinfo(ifindex int32, set uint32) {
	b.put32(unix.AF_UNSPEC)
	b.put32(uint32(ifindex))
	b.put32(set)
	b.put32(set) // ifi_change
}

func (b *buffer) put8(v ...uint8) { b.b = append(b.b, v...) }
func (b *buffer) put16(v uint16)  { b.b = native.AppendUint16(b.b, v) }
func (b *buffer) put32(v uint32)  { b.b = native.AppendUint32(b.b, v) }
func (b *buffer) put64(v uint64)  { b.b = native.AppendUint64(b.b, v) }

// open starts an attribute whose content follows; close ends it.
func (b *buffer) open(typ uint16) int {
	at := len(b.b)
	b.put16(0)
	b.put16(typ)
	return at
}

func (b *buffer) close(at int) {
	n := len(b.b) - at
	if n > maxAttr {
		b.err = fmt.Errorf("attribute of %d bytes, the most is %d", n, maxAttr)
		n = maxAttr
	}
	native.PutUint16(b.b[at:], uint16(n))
	for len(b.b)%4 != 0 {
		b.b = append(b.b, 0)
	}
}

func (b *buffer) u32(typ uint16, v uint32) {
	at := b.open(typ)
	b.put32(v)
	b.close(at)
}

func (b *buffer) u64(typ uint16, v uint64) {
	at := b.open(typ)
	b.put64(v)
	b.close(at)
}

// text writes a string with its terminating zero.
func (b *buffer) text(typ uint16, s string) {
	at := b.open(typ)
	b.b = append(b.b, s...)
	b.b = append(b.b, 0)
	b.close(at)
}

func (b *buffer) bytes(typ uint16, v string) {
	at := b.open(typ)
	b.b = append(b.b, v...)
	b.close(at)
}
