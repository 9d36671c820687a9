// SPDX-License-Identifier: Apache-2.0

package bpf

// product is a table that says the class of a pair of classes.
type product struct {
	a, b  *dimension
	table table
	out   *dimension // nil: the table has the route itself, plus 1
}

// The largest product tables, in entries of two bytes: so many and so many more
// for each route. What would be larger is searched (see scan).
const (
	productBase     = 1024
	productPerRoute = 64
	productOfMany   = maxIDs // of a table that is not the last one
)

// combine joins dimensions while their product tables are small; it returns
// those that are left, none if the last table told the route.
func (c *compiler) combine(dims []*dimension) ([]*dimension, error) {
	for len(dims) > 1 {
		i, j := smallest(dims)
		a, b := dims[i], dims[j]
		limit := productBase + productPerRoute*len(c.routes)
		last := len(dims) == 2
		if !last {
			limit = min(limit, productOfMany)
		}
		if !(a.small && b.small) && len(a.vectors)*len(b.vectors) > limit {
			return dims, nil
		}
		if last {
			c.products = append(c.products, product{a, b, c.routeTable(a, b), nil})
			return nil, nil
		}
		p, err := c.multiply(a, b)
		if err != nil {
			return nil, err
		}
		c.products = append(c.products, p)
		dims[i] = p.out
		dims = append(dims[:j], dims[j+1:]...)
	}
	return dims, nil
}

// smallest returns the pair with the fewest combinations; two small dimensions
// always come first.
func smallest(dims []*dimension) (int, int) {
	bi, bj, best := 0, 1, -1
	for i := range dims {
		for j := i + 1; j < len(dims); j++ {
			n := len(dims[i].vectors) * len(dims[j].vectors)
			if dims[i].small && dims[j].small {
				n = 0
			}
			if best < 0 || n < best {
				bi, bj, best = i, j, n
			}
		}
	}
	return bi, bj
}

func (c *compiler) multiply(a, b *dimension) (product, error) {
	out := c.newDimension()
	entries := make([]uint16, 0, len(a.vectors)*len(b.vectors))
	for i := range a.vectors {
		for j := range b.vectors {
			v, err := c.pool.and(&a.vectors[i], &b.vectors[j])
			if err != nil {
				return product{}, err
			}
			class, err := out.class(v)
			if err != nil {
				return product{}, err
			}
			entries = append(entries, class)
		}
	}
	return product{a, b, c.blob.add(bytes16(entries)), out}, nil
}

func (c *compiler) routeTable(a, b *dimension) table {
	entries := make([]uint16, 0, len(a.vectors)*len(b.vectors))
	for i := range a.vectors {
		for j := range b.vectors {
			entries = append(entries, uint16(1+c.pool.first(&a.vectors[i], &b.vectors[j])))
		}
	}
	return c.blob.add(bytes16(entries))
}

// emit leaves the class of the pair in r0.
func (p product) emit(a *assembler) {
	a.load(u64, r1, frame, p.a.slot)
	a.opImm(opMul, r1, int32(len(p.b.vectors)))
	a.load(u64, r2, frame, p.b.slot)
	a.op(opAdd, r1, r2)
	a.lookUp(p.table)
}
