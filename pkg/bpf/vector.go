// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"fmt"
	"math/bits"
)

const (
	chunkWords = 8
	chunkBits  = 64 * chunkWords
	maxChunks  = 32

	// MaxRoutes is the largest number of routes of a table.
	MaxRoutes = maxChunks * chunkBits

	maxIDs = 1 << 16 // of classes, chunks and pages: 16 bits in the tables
)

// chunk is one bit for each of 512 routes that follow each other: bit i%64 of
// word i/64.
type chunk [chunkWords]uint64

// vector is a set of routes as the numbers of its chunks in a pool. Equal sets
// have equal vectors.
type vector [maxChunks]uint16

// pool numbers chunks. Number 0 is the empty one.
type pool struct {
	chunks []chunk
	ids    map[chunk]uint16
	count  int    // chunks of a vector that are in use
	edges  []edge // the memory of the last sweep's, one is made at a time
}

func newPool(routes int) *pool {
	return &pool{
		chunks: []chunk{{}}, ids: map[chunk]uint16{{}: 0},
		count: max(1, (routes+chunkBits-1)/chunkBits), edges: make([]edge, 0, 4*routes),
	}
}

func (p *pool) id(c chunk) (uint16, error) {
	if id, ok := p.ids[c]; ok {
		return id, nil
	}
	if len(p.chunks) == maxIDs {
		return 0, fmt.Errorf("the routes differ in too many ways: %d sets of routes are too many", maxIDs)
	}
	id := uint16(len(p.chunks))
	p.chunks, p.ids[c] = append(p.chunks, c), id
	return id, nil
}

// and returns the routes that are in both.
func (p *pool) and(a, b *vector) (vector, error) {
	var out vector
	for i := range p.count {
		switch {
		case a[i] == b[i]:
			out[i] = a[i]
		case a[i] != 0 && b[i] != 0:
			c := p.chunks[a[i]]
			for w, v := range p.chunks[b[i]] {
				c[w] &= v
			}
			id, err := p.id(c)
			if err != nil {
				return out, err
			}
			out[i] = id
		}
	}
	return out, nil
}

// first returns the first route that is in both, or -1.
func (p *pool) first(a, b *vector) int {
	for i := range p.count {
		if a[i] == 0 || b[i] == 0 {
			continue
		}
		x, y := &p.chunks[a[i]], &p.chunks[b[i]]
		for w := range x {
			if v := x[w] & y[w]; v != 0 {
				return i*chunkBits + w*64 + bits.TrailingZeros64(v)
			}
		}
	}
	return -1
}

// dimension is one property of packets, or several, with its classes: values
// that the same routes accept are one class.
type dimension struct {
	vectors []vector
	ids     map[vector]uint16
	slot    int // where the program keeps the packet's class
	small   bool
}

// expect makes room for n classes.
func (d *dimension) expect(n int) {
	if d.ids == nil {
		d.ids, d.vectors = make(map[vector]uint16, n), make([]vector, 0, n)
	}
}

func (d *dimension) class(v vector) (uint16, error) {
	if id, ok := d.ids[v]; ok {
		return id, nil
	}
	if len(d.vectors) == maxIDs {
		return 0, fmt.Errorf("the routes differ in too many ways: %d classes are too many", maxIDs)
	}
	if d.ids == nil {
		d.expect(0)
	}
	id := uint16(len(d.vectors))
	d.vectors, d.ids[v] = append(d.vectors, v), id
	return id, nil
}
