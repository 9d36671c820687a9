// SPDX-License-Identifier: Apache-2.0

package bpf

import "encoding/binary"

// blob is the content of the tables map: all tables of a program one after the
// other, in the machine's byte order.
type blob struct{ data []byte }

// table is a part of the blob.
type table struct{ off, size uint32 }

// add appends a table, aligned for any of its numbers.
func (b *blob) add(data []byte) table {
	for len(b.data)%8 != 0 {
		b.data = append(b.data, 0)
	}
	t := table{uint32(len(b.data)), uint32(len(data))}
	b.data = append(b.data, data...)
	return t
}

func bytes16(values []uint16) []byte {
	out := make([]byte, 0, 2*len(values))
	for _, v := range values {
		out = binary.NativeEndian.AppendUint16(out, v)
	}
	return out
}

func bytes32(values []uint32) []byte {
	out := make([]byte, 0, 4*len(values))
	for _, v := range values {
		out = binary.NativeEndian.AppendUint32(out, v)
	}
	return out
}

func bytes64(values []uint64) []byte {
	out := make([]byte, 0, 8*len(values))
	for _, v := range values {
		out = binary.NativeEndian.AppendUint64(out, v)
	}
	return out
}

// at makes dst the address of a table plus the offset in off, which must be the
// start of something width bytes long. The kernel's verifier wants the bound;
// the tables are such that it is never met.
func (a *assembler) at(dst, off register, t table, width uint32) {
	a.jumpImm(jumpGT, off, int32(t.size-width), labelMiss)
	a.address(dst, tablesMap, t.off)
	a.op(opAdd, dst, off)
}
