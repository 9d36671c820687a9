// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"tcni.dev/pkg/tc"
)

// machine runs a table's program without a kernel, as far as the programs go:
// the instructions that ops.go has, and linear packets.
type machine struct {
	table    *Table
	reg      [11]uint64
	stack    [512]byte
	skb      [256]byte
	packet   []byte // from the network header on
	counters []byte
}

// Addresses are a memory in the upper half and an offset in the lower one.
const (
	inStack uint64 = (iota + 1) << 32
	inTables
	inCounters
	inSKB
)

func newMachine(t *Table) *machine {
	return &machine{table: t, counters: make([]byte, t.CounterBytes())}
}

// classify is a model.Classifier.
func (m *machine) classify(packet []byte) (class tc.Handle, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the program fails: %v", r)
		}
	}()
	m.packet = packet[14:]
	order := binary.NativeEndian
	order.PutUint32(m.skb[skbLen:], uint32(len(packet)))
	order.PutUint32(m.skb[skbWireLen:], uint32(len(packet)))
	order.PutUint32(m.skb[skbProtocol:], uint32(order.Uint16(packet[12:])))
	m.reg[r1], m.reg[frame] = inSKB, inStack+uint64(len(m.stack))
	for at, steps := 0, 0; ; steps++ {
		if steps == 100000 {
			return 0, fmt.Errorf("the program does not end")
		}
		in := m.table.insns[at]
		if in.op == opExit {
			return tc.Handle(m.reg[r0]), nil
		}
		at += 1 + m.step(in, at)
	}
}

// step returns how many instructions to skip.
func (m *machine) step(in insn, at int) int {
	src := m.reg[in.src]
	if in.op&fromReg == 0 {
		src = uint64(int64(in.imm))
	}
	switch in.op & 7 {
	case 0x00:
		high := uint64(uint32(m.table.insns[at+1].imm))
		m.reg[in.dst] = high<<32 | uint64(uint32(in.imm))
		if in.uses != noMap {
			m.reg[in.dst] = high + [mapRefs]uint64{tablesMap: inTables, countersMap: inCounters}[in.uses]
		}
		return 1
	case 0x01:
		m.reg[in.dst] = get(m.memory(m.reg[in.src]+uint64(int64(in.off))), size(in.op&0x18))
	case 0x03:
		to, v := m.memory(m.reg[in.dst]+uint64(int64(in.off))), m.reg[in.src]
		if in.op&0xe0 == 0xc0 {
			v += binary.NativeEndian.Uint64(to)
		}
		binary.NativeEndian.PutUint64(to, v)
	case 0x04:
		m.reg[in.dst] = toBigEndian(m.reg[in.dst], in.imm)
	case 0x07:
		m.reg[in.dst] = arithmetics[operation(in.op&0xf0)](m.reg[in.dst], src)
	case 0x05:
		if in.op == opCall {
			m.help(in.imm)
		} else if conditions[operation(in.op&0xf0)](m.reg[in.dst], src) {
			return int(in.off)
		}
	}
	return 0
}

func (m *machine) memory(address uint64) []byte {
	all := [...][]byte{nil, m.stack[:], m.table.tables, m.counters, m.skb[:]}
	return all[address>>32][uint32(address):]
}

func get(b []byte, s size) uint64 {
	switch s {
	case u8:
		return uint64(b[0])
	case u16:
		return uint64(binary.NativeEndian.Uint16(b))
	case u32:
		return uint64(binary.NativeEndian.Uint32(b))
	}
	return binary.NativeEndian.Uint64(b)
}

func toBigEndian(v uint64, width int32) uint64 {
	if bigEndian {
		return v
	}
	return bits.ReverseBytes64(v) >> (64 - width)
}

var arithmetics = map[operation]func(a, b uint64) uint64{
	opAdd: func(a, b uint64) uint64 { return a + b },
	opSub: func(a, b uint64) uint64 { return a - b },
	opMul: func(a, b uint64) uint64 { return a * b },
	opOr:  func(a, b uint64) uint64 { return a | b },
	opAnd: func(a, b uint64) uint64 { return a & b },
	opLsh: func(a, b uint64) uint64 { return a << (b & 63) },
	opRsh: func(a, b uint64) uint64 { return a >> (b & 63) },
	opNeg: func(a, _ uint64) uint64 { return -a },
	opMov: func(_, b uint64) uint64 { return b },
}

var conditions = map[operation]func(a, b uint64) bool{
	jumpAlways: func(_, _ uint64) bool { return true },
	jumpEQ:     func(a, b uint64) bool { return a == b },
	jumpNE:     func(a, b uint64) bool { return a != b },
	jumpGT:     func(a, b uint64) bool { return a > b },
	jumpGE:     func(a, b uint64) bool { return a >= b },
	jumpLT:     func(a, b uint64) bool { return a < b },
	jumpLE:     func(a, b uint64) bool { return a <= b },
	jumpSet:    func(a, b uint64) bool { return a&b != 0 },
}

// help calls a helper, and spoils the registers that calls spoil.
func (m *machine) help(id int32) {
	result := uint64(0)
	if id == helperLoadBytes {
		from, n := m.reg[r2], m.reg[r4]
		if from+n <= uint64(len(m.packet)) {
			copy(m.memory(m.reg[r3]), m.packet[from:from+n])
		} else {
			result = ^uint64(0)
		}
	}
	for r := r1; r <= r5; r++ {
		m.reg[r] = 0xdead
	}
	m.reg[r0] = result
}
