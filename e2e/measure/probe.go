// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"encoding/binary"
	"hash/crc32"
	"math/bits"
)

// probe is the header of a test packet's payload: everything that tells whose packet it is and
// which is there three times, so that one that was corrupted anywhere is still known and counted.
type probe struct {
	run  uint64 // the measurement's number
	seq  uint64
	sent int64 // ns of the epoch
}

const (
	probeCopy = 24
	probeSize = 3*probeCopy + 4 // and a checksum of all of the payload
)

// putProbe fills a payload of at least probeSize bytes; what follows the header is left as it is.
func putProbe(b []byte, p probe) {
	for i := range 3 {
		c := b[i*probeCopy:]
		binary.BigEndian.PutUint64(c, p.run)
		binary.BigEndian.PutUint64(c[8:], p.seq)
		binary.BigEndian.PutUint64(c[16:], uint64(p.sent))
	}
	sum := b[3*probeCopy:]
	binary.BigEndian.PutUint32(sum, probeSum(b))
}

func probeSum(b []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE(b[:3*probeCopy]), crc32.IEEETable, b[probeSize:])
}

// getProbe reads a payload; intact is false where any bit differs from what was sent. The copies
// vote bit by bit.
func getProbe(b []byte) (p probe, intact, ok bool) {
	if len(b) < probeSize {
		return probe{}, false, false
	}
	vote := func(at int) uint64 {
		x := binary.BigEndian.Uint64(b[at:])
		y := binary.BigEndian.Uint64(b[probeCopy+at:])
		z := binary.BigEndian.Uint64(b[2*probeCopy+at:])
		return x&y | y&z | x&z
	}
	p = probe{run: vote(0), seq: vote(8), sent: int64(vote(16))}
	intact = binary.BigEndian.Uint32(b[3*probeCopy:]) == probeSum(b)
	return p, intact, true
}

// near tells whether two run numbers differ in so few bits that corruption explains it.
func near(a, b uint64) bool { return bits.OnesCount64(a^b) <= 2 }
