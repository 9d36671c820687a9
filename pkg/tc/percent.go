// SPDX-License-Identifier: Apache-2.0

package tc

import "fmt"

// Percent is a share in parts per billion: 10,000,000 is 1 %. The kernel keeps
// 32-bit fractions (4294967295 is 100 %), fine enough that every Percent
// survives the way there and back.
type Percent int64

// MaxPercent is 100 %.
const MaxPercent Percent = 1e9

var percentUnits = []unit{{"%", 1e7}, {"", 1e7}}

// ParsePercent reads a percentage as tc(8) writes it, "0.5%" or "0.5". The
// result lies in 0%..100%, in steps of 0.0000001%.
func ParsePercent(s string) (Percent, error) {
	v, err := parseQuantity(s, percentUnits)
	if err == errNumber || err == errUnit {
		return 0, fmt.Errorf("%q is not a percentage (0.5%%)", s)
	}
	if err != nil || v < 0 || Percent(v) > MaxPercent {
		return 0, fmt.Errorf("%s is outside 0%%..100%%", s)
	}
	return Percent(v), nil
}

// String prints the share with a percent sign.
func (p Percent) String() string { return formatDecimal(int64(p), 1e7) + "%" }

// Scaled returns the share as the kernel's 32-bit fraction (iproute2's
// percent2scaled, tc/q_netem.c), rounded to the nearest.
func (p Percent) Scaled() uint32 {
	return uint32((uint64(p)*0xffffffff + uint64(MaxPercent)/2) / uint64(MaxPercent))
}

// PercentFromScaled is the inverse of Scaled.
func PercentFromScaled(v uint32) Percent {
	return Percent((uint64(v)*uint64(MaxPercent) + 0x7fffffff) / 0xffffffff)
}
