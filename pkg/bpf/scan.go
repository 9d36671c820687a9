// SPDX-License-Identifier: Apache-2.0

package bpf

import "math/bits"

// scan finds the first route that is in one class of each of two to four
// dimensions. A class has a row of chunk numbers; the program goes through the
// rows, skips where a chunk is empty, and intersects the others. With 5000
// routes a row has 10 chunks, so that the worst packet costs 80 words of each
// dimension.
type scan struct {
	dims     []*dimension
	rows     []table // of each dimension: for each class, the numbers of its chunks
	chunks   table
	position table // which bit is set, by deBruijn
	count    int   // chunks of a row
	words    int   // of a chunk
}

// deBruijn has every number of 6 bits once in its bits: times a power of two,
// its upper 6 bits tell which power.
const deBruijn = 0x03f79d71b4cb0a89

func (c *compiler) newScan(dims []*dimension) *scan {
	s := &scan{dims: dims, count: c.pool.count, words: chunkWords}
	for s.words > 1 && len(c.routes) <= 32*s.words {
		s.words /= 2
	}
	// The pool also has chunks that only products on the way here needed.
	number := make([]uint16, len(c.pool.chunks))
	words := make([]uint64, s.words)
	used := 1
	for _, d := range dims {
		var rows []uint16
		for _, v := range d.vectors {
			for _, id := range v[:s.count] {
				if id != 0 && number[id] == 0 {
					number[id] = uint16(used)
					used++
					words = append(words, c.pool.chunks[id][:s.words]...)
				}
				rows = append(rows, number[id])
			}
		}
		s.rows = append(s.rows, c.blob.add(bytes16(rows)))
	}
	s.chunks = c.blob.add(bytes64(words))
	var position [64]byte
	for i := range position {
		position[uint64(deBruijn)<<i>>58] = byte(i)
	}
	s.position = c.blob.add(position[:])
	return s
}

// emit leaves the number of the route in r0. The registers from r1 on hold
// the chunks, r9 counts them.
func (s *scan) emit(a *assembler) {
	for i, d := range s.dims {
		a.load(u64, r1, frame, d.slot)
		a.opImm(opMul, r1, int32(2*s.count))
		a.at(r2, r1, s.rows[i], uint32(2*s.count))
		a.store(u64, frame, slotRow(i), r2)
	}
	a.opImm(opMov, r9, 0)
	a.label("scan")
	for i := range s.dims {
		a.load(u64, r0, frame, slotRow(i))
		a.load(u16, r1+register(i), r0, 0)
		a.jumpImm(jumpEQ, r1+register(i), 0, "scan.next")
	}
	for i := range s.dims {
		at := r1 + register(i)
		a.opImm(opLsh, at, int32(bits.TrailingZeros(uint(8*s.words))))
		a.at(r0, at, s.chunks, uint32(8*s.words))
		a.op(opMov, at, r0)
	}
	s.intersect(a)
	a.label("scan.next")
	if s.count > 1 {
		for i := range s.dims {
			a.load(u64, r0, frame, slotRow(i))
			a.opImm(opAdd, r0, 2)
			a.store(u64, frame, slotRow(i), r0)
		}
		a.opImm(opAdd, r9, 1)
		a.jumpImm(jumpLT, r9, int32(s.count), "scan")
	}
	a.goTo(labelMiss)
	s.found(a)
}

func (s *scan) intersect(a *assembler) {
	for w := range s.words {
		a.load(u64, r0, r1, 8*w)
		for i := range s.dims[1:] {
			a.load(u64, r5, r2+register(i), 8*w)
			a.op(opAnd, r0, r5)
		}
		a.opImm(opMov, r5, int32(64*w))
		a.jumpImm(jumpNE, r0, 0, "scan.found")
	}
}

// found turns the lowest bit of r0, in the word whose first bit is r5 of chunk
// r9, into the number of the route.
func (s *scan) found(a *assembler) {
	a.label("scan.found")
	a.opImm(opMul, r9, int32(64*s.words))
	a.op(opAdd, r9, r5)
	a.op(opMov, r1, r0)
	a.opImm(opNeg, r1, 0)
	a.op(opAnd, r0, r1)
	a.imm64(r1, deBruijn)
	a.op(opMul, r0, r1)
	a.opImm(opRsh, r0, 58)
	a.at(r1, r0, s.position, 1)
	a.load(u8, r0, r1, 0)
	a.op(opAdd, r0, r9)
}
