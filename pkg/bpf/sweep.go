// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"cmp"
	"slices"
)

// point is a value of a property: an address, left aligned, or a small number
// in lo.
type point struct{ hi, lo uint64 }

func (p point) compare(q point) int {
	return cmp.Or(cmp.Compare(p.hi, q.hi), cmp.Compare(p.lo, q.lo))
}

// next is p+1; ok is false after the last point.
func (p point) next() (next point, ok bool) {
	next = point{p.hi, p.lo + 1}
	if next.lo == 0 {
		next.hi++
	}
	return next, next != point{}
}

// bound is where a class of values begins; it ends where the next one begins.
type bound struct {
	point
	class uint16
}

// edge is where a route begins or stops to accept the values of a property.
type edge struct {
	point
	route int32
	step  int32 // +1 or -1
}

// sweep goes through all values of one property in their order and tells the
// classes apart.
type sweep struct {
	pool  *pool
	edges []edge
	bits  []chunk
	open  []int32 // how many intervals of a route hold the current value
	dirty []bool  // chunks of bits that now may not be now's
	now   vector
}

func newSweep(p *pool, routes int) *sweep {
	s := &sweep{pool: p, edges: p.edges[:0], bits: make([]chunk, p.count), open: make([]int32, routes), dirty: make([]bool, p.count)}
	for i := range s.dirty {
		s.dirty[i] = true
	}
	return s
}

// always makes a route accept every value.
func (s *sweep) always(route int) { s.step(route, 1) }

// accept makes a route accept first..last.
func (s *sweep) accept(route int, first, last point) {
	s.edges = append(s.edges, edge{first, int32(route), 1})
	if next, ok := last.next(); ok {
		s.edges = append(s.edges, edge{next, int32(route), -1})
	}
}

func (s *sweep) step(route int, by int32) {
	before := s.open[route]
	s.open[route] += by
	if (before == 0) == (s.open[route] == 0) {
		return
	}
	s.bits[route/chunkBits][route%chunkBits/64] ^= 1 << (route % 64)
	s.dirty[route/chunkBits] = true
}

// vector is the routes that accept the current value.
func (s *sweep) vector() (vector, error) {
	for i, dirty := range s.dirty {
		if !dirty {
			continue
		}
		id, err := s.pool.id(s.bits[i])
		if err != nil {
			return s.now, err
		}
		s.now[i], s.dirty[i] = id, false
	}
	return s.now, nil
}

// bounds returns where classes begin, the first at zero; no two neighbours have
// the same class.
func (s *sweep) bounds(d *dimension) ([]bound, error) {
	slices.SortFunc(s.edges, func(a, b edge) int { return a.compare(b.point) })
	places := 1
	for i := range s.edges {
		if i == 0 || s.edges[i].point != s.edges[i-1].point {
			places++
		}
	}
	d.expect(min(places, maxIDs))
	out := make([]bound, 0, places)
	for at, i := (point{}), 0; ; at = s.edges[i].point {
		for i < len(s.edges) && s.edges[i].point == at {
			s.step(int(s.edges[i].route), s.edges[i].step)
			i++
		}
		v, err := s.vector()
		if err != nil {
			return nil, err
		}
		class, err := d.class(v)
		if err != nil {
			return nil, err
		}
		if len(out) == 0 || out[len(out)-1].class != class {
			out = append(out, bound{at, class})
		}
		if i == len(s.edges) {
			s.pool.edges = s.edges // for the next one
			return out, nil
		}
	}
}

// spread writes the classes of the values 0..len(into)-1.
func spread(bounds []bound, into []uint16) {
	for i, b := range bounds {
		end := uint64(len(into))
		if i+1 < len(bounds) {
			end = min(end, bounds[i+1].lo)
		}
		for v := b.lo; v < end; v++ {
			into[v] = b.class
		}
	}
}
