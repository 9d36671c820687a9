// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tcni.dev/pkg/bpf/model"
)

// TestAgreesWithModel lets the kernel decide what the model decides. The sizes
// lead through product tables alone and through the scan, with one and with
// several chunks.
func TestAgreesWithModel(t *testing.T) {
	needKernel(t)
	for _, n := range []int{0, 1, 2, 5, 10, 30, 64, 65, 130, 300, 600, 1500} {
		for seed := range uint64(6) {
			egress := seed%2 == 0
			t.Run(fmt.Sprintf("%d/%d", n, seed), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(n), seed))
				routes := model.Routes(r, n)
				p := loaded(t, routes, egress)
				if err := model.Compare(r, routes, egress, classifier(t, p), 400, nil); err != nil {
					t.Error(err)
				}
			})
		}
	}
}
