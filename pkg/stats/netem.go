// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"encoding/binary"

	"tcni.dev/pkg/view"
)

// netemCounts is what netem counts itself (TCA_STATS_APP), in kernels 7.x: 64-bit
// numbers in the host's order. Their places were found by impairing known
// traffic in each way on 7.3; there is a seventh.
type netemCounts struct{ delayed, lost, corrupted, duplicated, reordered uint64 }

const netemWords = 5

// parseNetem returns nil where the kernel does not count.
func parseNetem(app []byte) *netemCounts {
	if len(app) < netemWords*8 {
		return nil
	}
	word := func(i int) uint64 { return binary.NativeEndian.Uint64(app[i*8:]) }
	return &netemCounts{word(0), word(1), word(2), word(3), word(4)}
}

func (n *netemCounts) view() *view.Netem {
	return &view.Netem{Delayed: n.delayed, Duplicated: n.duplicated, Corrupted: n.corrupted, Reordered: n.reordered}
}
