// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"fmt"

	"tcni.dev/pkg/tc"
)

// compiler is the state of one Compile.
type compiler struct {
	routes       []tc.Route
	egress       bool
	pool         *pool
	blob         blob
	dimensions   int // that there are so far
	products     []product
	root4, root6 reference
}

// lookup finds the packet's class in a dimension that is a property.
type lookup struct {
	dimension *dimension
	emit      func(*assembler)
}

func (c *compiler) newDimension() *dimension {
	c.dimensions++
	return &dimension{slot: slotClass(c.dimensions - 1)}
}

// asks tells whether any route does.
func (c *compiler) asks(what func(tc.Match) bool) bool {
	for _, r := range c.routes {
		if what(r.Match) {
			return true
		}
	}
	return false
}

// Compile makes the program and the tables for a list of routes, of which the
// first that matches a packet takes it. With egress the remote end is a
// packet's destination, without it its source. It is pure: equal routes give
// equal tables. It refuses a route that is not valid, more than MaxRoutes, and
// tables that do not fit into a map.
func Compile(routes []tc.Route, egress bool) (*Table, error) {
	if err := check(routes); err != nil {
		return nil, err
	}
	c := &compiler{routes: routes, egress: egress, pool: newPool(len(routes))}
	lookups, err := c.lookups()
	if err != nil {
		return nil, err
	}
	var dims []*dimension
	for _, l := range lookups {
		dims = append(dims, l.dimension)
	}
	decide, err := c.decide(dims)
	if err != nil {
		return nil, err
	}
	t := &Table{routes: len(routes), digest: digest(routes, egress)}
	a := &assembler{labels: map[string]int{}}
	c.program(a, t.digest, lookups, decide)
	if err := a.resolve(); err != nil {
		return nil, err
	}
	if len(c.blob.data) > maxBlob {
		return nil, fmt.Errorf("%d routes: the tables take %d bytes, at most %d fit into a map", len(routes), len(c.blob.data), maxBlob)
	}
	t.insns, t.tables = a.insns, c.blob.data
	return t, nil
}

// lookups builds the properties that are asked for.
func (c *compiler) lookups() ([]lookup, error) {
	var out []lookup
	for _, p := range properties {
		if !c.asks(p.asked) {
			continue
		}
		d := c.newDimension()
		d.small = p.small
		emit, err := p.build(c, d)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		out = append(out, lookup{d, emit})
	}
	return out, nil
}

// decide returns what leaves the route's number in r0 when the classes of all
// dimensions are known.
func (c *compiler) decide(dims []*dimension) (func(*assembler), error) {
	switch len(dims) {
	case 0: // all routes take every packet
		return func(a *assembler) { a.opImm(opMov, r0, 0) }, nil
	case 1:
		t := c.firstRoutes(dims[0])
		return func(a *assembler) { a.load(u64, r1, frame, dims[0].slot); a.lookUpRoute(t) }, nil
	}
	left, err := c.combine(dims)
	if err != nil {
		return nil, err
	}
	if len(left) > 0 {
		s := c.newScan(left)
		return func(a *assembler) { c.emitProducts(a); s.emit(a) }, nil
	}
	return func(a *assembler) { c.emitProducts(a); a.routePlusOne() }, nil
}

// firstRoutes is the table of each class's first route, plus 1.
func (c *compiler) firstRoutes(d *dimension) table {
	var entries []uint16
	for i := range d.vectors {
		entries = append(entries, uint16(1+c.pool.first(&d.vectors[i], &d.vectors[i])))
	}
	return c.blob.add(bytes16(entries))
}
