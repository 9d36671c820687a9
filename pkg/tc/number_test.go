// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestDecimal holds the short way of reading a quantity to package big.
func TestDecimal(t *testing.T) {
	inputs := []string{"0", "1", "0.5", "2.5", "1.4999", "00012.50", "999999999999999999.9", "9223372036854775807", "9999999999999999999", "0.000000000000000001"}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		inputs = append(inputs, fmt.Sprintf("%d.%0*d", rnd.Uint64()>>rnd.IntN(64), 1+rnd.IntN(6), rnd.IntN(10)))
	}
	for _, in := range inputs {
		for _, scale := range []int64{1, 8, 1000, 1024, 1e9, 8 << 30} {
			exact, _ := new(big.Rat).SetString(in)
			want, err := roundRat(exact.Mul(exact, new(big.Rat).SetInt64(scale)))
			if d, ok := parseDecimal(in); ok {
				if got, ok := d.times(scale); ok && (got != want || err != nil) {
					t.Errorf("%s * %d: got %d, want %d, %v", in, scale, got, want, err)
				}
			}
			got, gotErr := parseQuantity(in, []unit{{"", scale}})
			if got != want || gotErr != err {
				t.Errorf("%s * %d: got %d, %v, want %d, %v", in, scale, got, gotErr, want, err)
			}
		}
	}
	for _, in := range []string{"", ".", "1.", ".5", "1..2", "-1", "+1", "1e3", strings.Repeat("9", 20)} {
		if d, ok := parseDecimal(in); ok {
			t.Errorf("%q is read as %v", in, d)
		}
	}
}

func BenchmarkParseQuantity(b *testing.B) {
	for _, in := range []string{"100ms", "0.5ms", "-1ms"} {
		b.Run(in, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := parseQuantity(in, timeUnits); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
