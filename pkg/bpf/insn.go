// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"encoding/binary"
	"fmt"
)

// insn is one slot of a program (Documentation/bpf/standardization/instruction-set.rst):
// 8 bytes. A 64-bit immediate takes two slots.
type insn struct {
	op       uint8
	dst, src register
	off      int16
	imm      int32
	target   string // the label that a jump goes to, until it is resolved
	uses     mapRef // the map whose file descriptor goes into imm
}

// mapRef says which of a program's maps an instruction points into.
type mapRef uint8

const (
	noMap mapRef = iota
	tablesMap
	countersMap
	mapRefs
)

// assembler collects instructions and the places that labels stand for.
type assembler struct {
	insns  []insn
	labels map[string]int
	unique int
}

// label names the next instruction.
func (a *assembler) label(name string) { a.labels[name] = len(a.insns) }

// fresh returns a label that nobody else has.
func (a *assembler) fresh(name string) string {
	a.unique++
	return fmt.Sprintf("%s.%d", name, a.unique)
}

// resolve turns labels into distances. A jump counts from the instruction that
// follows it, in slots, and reaches 32767 of them.
func (a *assembler) resolve() error {
	for i := range a.insns {
		in := &a.insns[i]
		if in.target == "" {
			continue
		}
		at, ok := a.labels[in.target]
		if !ok {
			return fmt.Errorf("instruction %d: label %s: not defined", i, in.target)
		}
		distance := at - i - 1
		if distance != int(int16(distance)) {
			return fmt.Errorf("instruction %d: label %s: %d instructions are too far", i, in.target, distance)
		}
		in.off = int16(distance)
	}
	return nil
}

// encode prints the instructions as the kernel takes them, with the file
// descriptors of the maps.
func encode(insns []insn, fds [mapRefs]int) []byte {
	order := binary.NativeEndian
	out := make([]byte, 0, 8*len(insns))
	for _, in := range insns {
		if in.uses != noMap {
			in.imm = int32(fds[in.uses])
		}
		out = append(out, in.op, registers(in.dst, in.src))
		out = order.AppendUint16(out, uint16(in.off))
		out = order.AppendUint32(out, uint32(in.imm))
	}
	return out
}

// registers packs two registers into a byte: a C bit field, so its halves
// change places with the byte order.
func registers(dst, src register) byte {
	if bigEndian {
		return byte(dst)<<4 | byte(src)
	}
	return byte(src)<<4 | byte(dst)
}

var bigEndian = binary.NativeEndian.Uint16([]byte{0, 1}) == 1
