// SPDX-License-Identifier: Apache-2.0

package bpf

import "encoding/binary"

// An address is looked up in trees of nodes with 15 keys and 16 references. A
// tree decides on 32 bits of the address; a reference is another node, a class,
// or a tree that goes on with the next 32 bits. The depth grows with the
// logarithm of the number of prefixes and not with how deeply they nest (the
// kernel's LPM trie visits a node for each prefix above the one that matches).
const (
	nodeKeys = 15
	nodeRefs = nodeKeys + 1
	nodeSize = 128
	refsAt   = 4 * nodeKeys
)

// reference is a node's place in the table, a multiple of nodeSize; or, as
// refClass says, a class.
type reference uint32

const (
	refClass   reference = 1 // the rest is a class, shifted by 2
	refNext    reference = 2 // go on with the next 32 bits, in the node that the rest says
	refPlace   reference = 0x3fffff80
	classShift           = 2
)

func classRef(class uint16) reference { return reference(class)<<classShift | refClass }

// child is a node, or what is to become one of a node's references: it holds
// for keys from first on.
type child struct {
	first uint32
	ref   reference
	depth int // nodes to visit from here on
}

// trees builds the nodes' table.
type trees struct{ nodes []byte }

// limb returns 32 bits of p, and whether those after them are zero.
func (p point) limb(i int) (v uint32, end bool) {
	switch i {
	case 0:
		return uint32(p.hi >> 32), uint32(p.hi) == 0 && p.lo == 0
	case 1:
		return uint32(p.hi), p.lo == 0
	case 2:
		return uint32(p.lo >> 32), uint32(p.lo) == 0
	}
	return uint32(p.lo), true
}

// build makes the tree for bounds that differ from limb i on only; class is
// that of the values before the first of them.
func (t *trees) build(bounds []bound, i int, class uint16) child {
	var list []child
	if v, _ := bounds[0].limb(i); v != 0 {
		list = append(list, child{0, classRef(class), 0})
	}
	for len(bounds) > 0 {
		v, end := bounds[0].limb(i)
		run := sameLimb(bounds, i, v)
		if run == 1 && end {
			class = bounds[0].class
			list = append(list, child{v, classRef(class), 0})
			bounds = bounds[1:]
			continue
		}
		sub := t.build(bounds[:run], i+1, class)
		list = append(list, child{v, sub.ref | refNext, sub.depth})
		class = bounds[run-1].class
		bounds = bounds[run:]
		if next := v + 1; next != 0 && (len(bounds) == 0 || !hasLimb(bounds[0], i, next)) {
			list = append(list, child{next, classRef(class), 0})
		}
	}
	return t.pack(list)
}

func hasLimb(b bound, i int, v uint32) bool {
	got, _ := b.limb(i)
	return got == v
}

// sameLimb returns how many of bounds begin with v in limb i.
func sameLimb(bounds []bound, i int, v uint32) int {
	n := 1
	for n < len(bounds) && hasLimb(bounds[n], i, v) {
		n++
	}
	return n
}

// pack stacks nodes upon a list until there is one.
func (t *trees) pack(list []child) child {
	for len(list) > 1 {
		var up []child
		for len(list) > 0 {
			n := min(nodeRefs, len(list))
			up = append(up, t.node(list[:n]))
			list = list[n:]
		}
		list = up
	}
	return list[0]
}

// node writes one node. Key j is one less than where reference j+1 begins, so
// that the number of keys below an address is its reference, and a key that is
// not used, all ones, is below none.
func (t *trees) node(list []child) child {
	out := child{list[0].first, reference(len(t.nodes)), 0}
	var n [nodeSize]byte
	for i := range refsAt {
		n[i] = 0xff
	}
	for i, c := range list {
		if i > 0 {
			binary.NativeEndian.PutUint32(n[4*(i-1):], c.first-1)
		}
		binary.NativeEndian.PutUint32(n[refsAt+4*i:], uint32(c.ref))
		out.depth = max(out.depth, c.depth)
	}
	out.depth++
	t.nodes = append(t.nodes, n[:]...)
	return out
}
