// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"math/rand/v2"
	"testing"

	"tcni.dev/pkg/tc"
)

// TestPortMasks holds that the masks of a range take its ports, each once, and
// no others.
func TestPortMasks(t *testing.T) {
	ranges := []tc.PortRange{{First: 0, Last: 65535}, {First: 0, Last: 0}, {First: 65535, Last: 65535}, {First: 1, Last: 65534}, {First: 8000, Last: 8100}}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		a, b := uint16(rng.Uint32()), uint16(rng.Uint32())
		ranges = append(ranges, tc.PortRange{First: min(a, b), Last: max(a, b)})
	}
	for _, r := range ranges {
		masks := portMasks([]tc.PortRange{r})
		if len(masks) > 30 { // 2·(16−1): what a range of 16 bits needs at most
			t.Errorf("%v: %d masks", r, len(masks))
		}
		for port := range 1 << 16 {
			taken := 0
			for _, m := range masks {
				if uint16(port)&m.mask == m.value {
					taken++
				}
			}
			want := 0
			if int(r.First) <= port && port <= int(r.Last) {
				want = 1
			}
			if taken != want {
				t.Fatalf("%v: port %d is taken %d times, want %d", r, port, taken, want)
			}
		}
	}
}
