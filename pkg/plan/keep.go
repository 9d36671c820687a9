// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"math"

	"tcni.dev/pkg/tc"
)

// Keep returns what a device is to have where have is there already: want, but
// that queues of a leaf that want does without stay, and do nothing. The kernel
// drops what a qdisc holds when it is taken away (qdisc_purge_queue in
// include/net/sch_generic.h). It is pure, so that what changes a device and what
// compares it come to the same.
func Keep(have, want tc.Tree) tc.Tree {
	there := map[tc.Handle]tc.Qdisc{}
	for _, o := range have.Objects {
		if q, ok := o.(tc.Qdisc); ok {
			there[q.Handle] = q
		}
	}
	kept := want
	kept.Objects = make([]tc.Object, 0, len(want.Objects))
	for _, o := range want.Objects {
		q, _ := o.(tc.Qdisc)
		if fifo, ok := q.Spec.(tc.FIFO); ok {
			kept.Objects = append(kept.Objects, keepQueues(there, q, fifo)...)
		} else {
			kept.Objects = append(kept.Objects, o)
		}
	}
	return kept
}

// idle is a netem that does nothing. It keeps the order, as of packets that an
// earlier delay still holds. How many may wait for those, the delay has bounded;
// older kernels count those in the buffer behind it too.
var idle = tc.Netem{Rate: tc.MaxRate, Limit: math.MaxInt32}

// keepQueues returns what stands in the place of a fifo: of that of a leaf without
// netem, a netem that is there with the fifo behind it; of that of a class that
// does nothing, the whole chain.
func keepQueues(there map[tc.Handle]tc.Qdisc, q tc.Qdisc, fifo tc.FIFO) []tc.Object {
	minor := q.Handle.Major() - netemMajor
	segmenter := leafHandle(segmentMajor, minor)
	if _, isChain := there[segmenter].Spec.(tc.TBF); !isChain || q.Handle != leafHandle(netemMajor, minor) {
		return []tc.Object{q}
	}
	var out []tc.Object
	if q.Parent == classID(minor) {
		fifo = tc.FIFO{Bytes: true, Limit: uint32(noLimit)}
		out = append(out, tc.Qdisc{Parent: q.Parent, Handle: segmenter, Spec: unsplitting})
	}
	below := segmenter | 1
	if _, ok := there[q.Handle].Spec.(tc.Netem); ok {
		out = append(out, tc.Qdisc{Parent: below, Handle: q.Handle, Spec: idle})
		return append(out, tc.Qdisc{Parent: q.Handle | 1, Handle: leafHandle(bufferMajor, minor), Spec: fifo})
	}
	return append(out, tc.Qdisc{Parent: below, Handle: q.Handle, Spec: fifo})
}
