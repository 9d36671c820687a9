// SPDX-License-Identifier: Apache-2.0

package model

import (
	"encoding/binary"
	"math/rand/v2"
)

// ipv4 returns a packet with, at times, options, a fragment's offset, or a
// header length that is too small.
func ipv4(r *rand.Rand, p Packet) []byte {
	words := 5
	switch r.IntN(6) {
	case 0:
		words = 6 + r.IntN(10)
	case 1:
		words = r.IntN(16)
	}
	b := make([]byte, max(20, 4*words))
	b[0], b[1], b[8], b[9] = byte(0x40|words), p.DSCP<<2|byte(r.UintN(4)), 64, p.Protocol
	binary.BigEndian.PutUint16(b[6:], fragmentField(r, 0))
	copy(b[12:], p.Source.AsSlice())
	copy(b[16:], p.Destination.AsSlice())
	return append(b, transport(r, p)...)
}

// fragmentField is an offset above its flags: shift is the flags' side of it.
func fragmentField(r *rand.Rand, shift int) uint16 {
	flags := uint16(r.UintN(8))
	offset := uint16(0)
	if r.IntN(6) == 0 {
		offset = 1 << r.IntN(13)
	}
	if shift == 0 {
		return flags<<13 | offset
	}
	return offset<<3 | flags
}

// transport returns the ports and some bytes after them, or less.
func transport(r *rand.Rand, p Packet) []byte {
	b := binary.BigEndian.AppendUint16(nil, p.SourcePort)
	b = binary.BigEndian.AppendUint16(b, p.DestinationPort)
	b = append(b, make([]byte, 8+r.IntN(24))...)
	if r.IntN(12) == 0 {
		b = b[:r.IntN(8)]
	}
	return b
}

// ipv6 returns a packet with, at times, extension headers.
func ipv6(r *rand.Rand, p Packet) []byte {
	var list []uint8
	if r.IntN(2) == 0 {
		for range r.IntN(maxExtensions + 3) {
			list = append(list, [...]uint8{hopByHop, routing, fragment, ah, destination}[r.IntN(5)])
		}
	}
	list = append(list, p.Protocol)
	b := make([]byte, 40)
	binary.BigEndian.PutUint32(b, 6<<28|uint32(p.DSCP)<<22|r.Uint32N(1<<22))
	b[6], b[7] = list[0], 64
	copy(b[8:], p.Source.AsSlice())
	copy(b[24:], p.Destination.AsSlice())
	for i, kind := range list[:len(list)-1] {
		b = append(b, extension(r, kind, list[i+1])...)
	}
	return append(b, transport(r, p)...)
}

func extension(r *rand.Rand, kind, next uint8) []byte {
	size := byte(r.UintN(3))
	if r.IntN(16) == 0 {
		size = byte(r.UintN(256))
	}
	length := 8 * (1 + int(size))
	switch kind {
	case ah:
		length = 4 * (2 + int(size))
	case fragment:
		length = 8
	}
	b := make([]byte, length)
	b[0], b[1] = next, size
	if kind == fragment {
		binary.BigEndian.PutUint16(b[2:], fragmentField(r, 3))
	}
	return b
}
