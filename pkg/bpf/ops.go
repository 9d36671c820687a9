// SPDX-License-Identifier: Apache-2.0

package bpf

// register is a register of the eBPF machine: r0 holds results, r1..r5 are
// arguments and lost in a call, r6..r9 survive calls, r10 is the frame.
type register uint8

const (
	r0 register = iota
	r1
	r2
	r3
	r4
	r5
	r6
	r7
	r8
	r9
	frame
)

// size is the width of a load or store.
type size uint8

const (
	u32 size = 0x00
	u16 size = 0x08
	u8  size = 0x10
	u64 size = 0x18
)

// The operations on 64-bit registers, and the jumps, that the programs use
// (include/uapi/linux/bpf.h and bpf_common.h).
type operation uint8

const (
	opAdd operation = 0x00
	opSub operation = 0x10
	opMul operation = 0x20
	opOr  operation = 0x40
	opAnd operation = 0x50
	opLsh operation = 0x60
	opRsh operation = 0x70
	opNeg operation = 0x80
	opMov operation = 0xb0

	jumpAlways operation = 0x00
	jumpEQ     operation = 0x10
	jumpGT     operation = 0x20
	jumpGE     operation = 0x30
	jumpSet    operation = 0x40
	jumpNE     operation = 0x50
	jumpLT     operation = 0xa0
	jumpLE     operation = 0xb0
)

const (
	classLoad  = 0x01 | 0x60 // BPF_LDX | BPF_MEM
	classStore = 0x03 | 0x60 // BPF_STX | BPF_MEM
	classAtom  = 0x03 | 0xc0 // BPF_STX | BPF_ATOMIC
	classALU   = 0x07        // BPF_ALU64
	classJump  = 0x05        // BPF_JMP
	fromReg    = 0x08        // BPF_X

	opLoadImm  = 0x18 // BPF_LD | BPF_IMM | BPF_DW
	opToBE     = 0xdc // BPF_ALU | BPF_END | BPF_TO_BE
	opCall     = 0x85
	opExit     = 0x95
	srcMapAddr = 2 // BPF_PSEUDO_MAP_VALUE, since 5.2
)

func (a *assembler) emit(in insn) { a.insns = append(a.insns, in) }

// op is dst = dst OP src.
func (a *assembler) op(o operation, dst, src register) {
	a.emit(insn{op: uint8(o) | classALU | fromReg, dst: dst, src: src})
}

// opImm is dst = dst OP v.
func (a *assembler) opImm(o operation, dst register, v int32) {
	a.emit(insn{op: uint8(o) | classALU, dst: dst, imm: v})
}

// load is dst = *(s *)(src + off), the upper bits zero.
func (a *assembler) load(s size, dst, src register, off int) {
	a.emit(insn{op: uint8(s) | classLoad, dst: dst, src: src, off: int16(off)})
}

// loadBE is load of a number in network byte order.
func (a *assembler) loadBE(s size, dst, src register, off int) {
	a.load(s, dst, src, off)
	bits := map[size]int32{u16: 16, u32: 32, u64: 64}[s]
	a.emit(insn{op: opToBE, dst: dst, imm: bits})
}

// store is *(s *)(dst + off) = src.
func (a *assembler) store(s size, dst register, off int, src register) {
	a.emit(insn{op: uint8(s) | classStore, dst: dst, src: src, off: int16(off)})
}

// add is *(u64 *)(dst + off) += src, atomically.
func (a *assembler) add(dst register, off int, src register) {
	a.emit(insn{op: uint8(u64) | classAtom, dst: dst, src: src, off: int16(off)})
}

// jumpImm goes to target if dst OP v holds.
func (a *assembler) jumpImm(o operation, dst register, v int32, target string) {
	a.emit(insn{op: uint8(o) | classJump, dst: dst, imm: v, target: target})
}

func (a *assembler) goTo(target string) { a.jumpImm(jumpAlways, r0, 0, target) }

func (a *assembler) call(helper int32) { a.emit(insn{op: opCall, imm: helper}) }

func (a *assembler) exit() { a.emit(insn{op: opExit}) }

// imm64 is dst = v.
func (a *assembler) imm64(dst register, v uint64) {
	a.emit(insn{op: opLoadImm, dst: dst, imm: int32(v)})
	a.emit(insn{imm: int32(v >> 32)})
}

// address is dst = the address of byte off in the only element of a map.
func (a *assembler) address(dst register, m mapRef, off uint32) {
	a.emit(insn{op: opLoadImm, dst: dst, src: srcMapAddr, uses: m})
	a.emit(insn{imm: int32(off)})
}
