// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
)

// Rate is a speed in bits per second. The kernel counts bytes per second in 64
// bits (TCA_HTB_RATE64, since 3.13), so a rate is a multiple of 8; 0 means that
// no rate was asked for.
type Rate int64

// The decimal rates of tc(8), and the bounds of what can be asked for.
const (
	Bit  Rate = 1
	Kbit      = 1000 * Bit
	Mbit      = 1000 * Kbit
	Gbit      = 1000 * Mbit
	Tbit      = 1000 * Gbit

	MinRate = 8 * Bit
	MaxRate = 10 * Tbit
)

var rateUnits = []unit{
	{"", 1}, {"bit", 1},
	{"kbit", 1e3}, {"mbit", 1e6}, {"gbit", 1e9}, {"tbit", 1e12},
	{"kibit", 1 << 10}, {"mibit", 1 << 20}, {"gibit", 1 << 30}, {"tibit", 1 << 40},
	{"bps", 8}, {"kbps", 8e3}, {"mbps", 8e6}, {"gbps", 8e9}, {"tbps", 8e12},
	{"kibps", 8 << 10}, {"mibps", 8 << 20}, {"gibps", 8 << 30}, {"tibps", 8 << 40},
}

var ratePrint = []unit{{"tbit", 1e12}, {"gbit", 1e9}, {"mbit", 1e6}, {"kbit", 1e3}, {"bit", 1}}

// ParseRate reads a rate as tc(8) writes it: a number and bit, kbit, mbit,
// gbit or tbit (decimal), kibit … tibit (binary); bps, kbps … are bytes per
// second. A bare number is in bits per second. The result is rounded down to
// whole bytes per second and lies in 8bit..10tbit.
func ParseRate(s string) (Rate, error) {
	v, err := parseQuantity(s, rateUnits)
	if err == errNumber || err == errUnit {
		return 0, fmt.Errorf("%q is not a rate: want a number and bit, kbit, mbit or gbit (20mbit); kbps and mbps are bytes per second%s", s, meantRate(s))
	}
	if r := Rate(v) &^ 7; err == nil && r >= MinRate && r <= MaxRate {
		return r, nil
	}
	return 0, fmt.Errorf("%s is outside %v..%v", s, MinRate, MaxRate)
}

// meantRate guesses the rate that 10M or 10mb stands for; "" where s is neither.
func meantRate(s string) string {
	stem := strings.TrimSuffix(strings.ToLower(s), "b")
	if strings.TrimRight(stem, "kmgt") == stem {
		return ""
	}
	if _, err := parseQuantity(stem+"bit", rateUnits); err != nil {
		return ""
	}
	return "; did you mean " + stem + "bit?"
}

// parseAnyRate reads a rate that no link has, but a qdisc may.
func parseAnyRate(s string) (Rate, error) {
	v, err := parseQuantity(s, rateUnits)
	if err != nil || v < int64(MinRate) {
		return ParseRate(s)
	}
	return Rate(v) &^ 7, nil
}

// String prints the rate in tc(8)'s decimal units.
func (r Rate) String() string { return formatQuantity(int64(r), ratePrint) }

// Bytes returns the rate in bytes per second.
func (r Rate) Bytes() uint64 { return uint64(r) / 8 }

// TimeFor returns how long n bytes take at rate r, rounded up, and 0 where r
// is 0 (no rate).
func (r Rate) TimeFor(n Size) Time {
	if r == 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(n), 8e9)
	if hi >= uint64(r) {
		return MaxTime
	}
	q, rem := bits.Div64(hi, lo, uint64(r))
	if rem != 0 {
		q++
	}
	return Time(min(q, uint64(MaxTime)))
}

// BytesIn returns how many whole bytes rate r carries in t.
func (r Rate) BytesIn(t Time) Size {
	hi, lo := bits.Mul64(uint64(r), uint64(max(t, 0)))
	if hi >= 8e9 {
		return MaxSize
	}
	q, _ := bits.Div64(hi, lo, 8e9)
	return Size(min(q, uint64(MaxSize)))
}

// RateOf returns the rate that carries n bytes in t, rounded down to whole bytes
// a second; 0 where t is not above 0.
func RateOf(n Size, t Time) Rate {
	if t <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(n), 1e9)
	if hi >= uint64(t) {
		return math.MaxInt64 &^ 7
	}
	q, _ := bits.Div64(hi, lo, uint64(t))
	return Rate(min(q, math.MaxInt64/8) * 8)
}
