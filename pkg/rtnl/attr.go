// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"bytes"
	"iter"
	"math/bits"

	"golang.org/x/sys/unix"
)

// Reading never trusts a length: what is too short reads as absent or zero.

// field is a piece of a fixed structure, or an attribute's content.
type field []byte

func (f field) u8(at int) uint8 {
	if at >= len(f) {
		return 0
	}
	return f[at]
}

func (f field) u16(at int) uint16 {
	if at+2 > len(f) {
		return 0
	}
	return native.Uint16(f[at:])
}

func (f field) u32(at int) uint32 {
	if at+4 > len(f) {
		return 0
	}
	return native.Uint32(f[at:])
}

func (f field) u64(at int) uint64 {
	if at+8 > len(f) {
		return 0
	}
	return native.Uint64(f[at:])
}

func (f field) i32(at int) int32 { return int32(f.u32(at)) }

// text returns the content up to its first zero.
func (f field) text() string {
	if i := bytes.IndexByte(f, 0); i >= 0 {
		f = f[:i]
	}
	return string(f)
}

// from returns what follows the first n bytes.
func (f field) from(n int) field {
	if n > len(f) {
		return nil
	}
	return f[n:]
}

// attrs yields the attributes in f. It stops at the first malformed one.
func (f field) attrs() iter.Seq2[uint16, field] {
	return func(yield func(uint16, field) bool) {
		for len(f) >= 4 {
			n := int(f.u16(0))
			if n < 4 || n > len(f) {
				return
			}
			if !yield(f.u16(2)&^(unix.NLA_F_NESTED|unix.NLA_F_NET_BYTEORDER), f[4:n]) {
				return
			}
			f = f.from((n + 3) &^ 3)
		}
	}
}

// attr returns the content of the first attribute of a type, or nil.
func (f field) attr(typ uint16) field {
	for t, v := range f.attrs() {
		if t == typ {
			return v
		}
	}
	return nil
}

// big32 converts between the host's and the network's order.
func big32(v uint32) uint32 {
	if native.Uint16([]byte{0, 1}) == 1 {
		return v
	}
	return bits.ReverseBytes32(v)
}

func big16(v uint16) uint16 {
	if native.Uint16([]byte{0, 1}) == 1 {
		return v
	}
	return bits.ReverseBytes16(v)
}
