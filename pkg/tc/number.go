// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"errors"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

var (
	errNumber = errors.New("not a number")
	errUnit   = errors.New("unknown unit")
	errRange  = errors.New("out of range")
)

// unit is one suffix of a quantity and how many base units it stands for.
type unit struct {
	name  string
	scale int64
}

// parseQuantity reads a decimal number and a unit, without case as tc(8) does,
// and returns the value in base units, rounded to the nearest one. Decimals
// are exact: 0.1 has no binary fraction, so no float is involved.
func parseQuantity(s string, units []unit) (int64, error) {
	end := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '-' && r != '+' })
	if end < 0 {
		end = len(s)
	}
	number, suffix := s[:end], strings.ToLower(s[end:])
	if len(number) > 40 { // more digits than any legal value has: do not compute with them
		return 0, errRange
	}
	d, short := parseDecimal(number)
	value := new(big.Rat)
	if !short {
		if _, ok := value.SetString(number); !ok {
			return 0, errNumber
		}
	}
	for _, u := range units {
		if u.name != suffix {
			continue
		}
		if v, ok := d.times(u.scale); ok {
			return v, nil
		}
		if short { // and too large for 64 bits on the way
			value.SetString(number)
		}
		return roundRat(value.Mul(value, new(big.Rat).SetInt64(u.scale)))
	}
	return 0, errUnit
}

// IsUnit tells whether s is the unit of a rate, a size, a time or a percentage.
func IsUnit(s string) bool {
	s = strings.ToLower(s)
	for _, units := range [...][]unit{rateUnits, sizeUnits, timeUnits, percentUnits} {
		for _, u := range units {
			if u.name == s && s != "" {
				return true
			}
		}
	}
	return false
}

// decimal is digits/tens, exactly; the zero value is no number.
type decimal struct{ digits, tens uint64 }

// parseDecimal reads "12" or "12.5" where its digits fit into 64 bits, which is
// what nearly every quantity is: package big costs ten times as much.
func parseDecimal(s string) (decimal, bool) {
	d := decimal{tens: 1}
	point := -1
	if len(s) > 19 { // 19 digits, or 18 and a point
		return decimal{}, false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			d.digits = d.digits*10 + uint64(c-'0')
			if point >= 0 {
				d.tens *= 10
			}
		case c == '.' && point < 0 && i > 0:
			point = i
		default:
			return decimal{}, false
		}
	}
	if s == "" || point == len(s)-1 {
		return decimal{}, false
	}
	return d, true
}

// times returns the integer nearest to d*scale, halves away from zero.
func (d decimal) times(scale int64) (int64, bool) {
	if d.tens == 0 {
		return 0, false
	}
	high, low := bits.Mul64(d.digits, uint64(scale))
	sum, carry := bits.Add64(low, d.tens/2, 0)
	v := sum / d.tens
	return int64(v), high == 0 && carry == 0 && v <= math.MaxInt64
}

// roundRat returns the integer nearest to r, halves away from zero.
func roundRat(r *big.Rat) (int64, error) {
	num, den := new(big.Int).Lsh(r.Num(), 1), new(big.Int).Lsh(r.Denom(), 1)
	if r.Sign() < 0 {
		num.Sub(num, r.Denom())
	} else {
		num.Add(num, r.Denom())
	}
	q := num.Quo(num, den)
	if !q.IsInt64() {
		return 0, errRange
	}
	return q.Int64(), nil
}

// formatQuantity prints v in the largest unit that needs no more than three
// decimals, so that what it prints parses back to v.
func formatQuantity(v int64, units []unit) string {
	for i, u := range units {
		last := i == len(units)-1
		if !last && (v < u.scale && v > -u.scale || v%max(u.scale/1000, 1) != 0) {
			continue
		}
		return formatDecimal(v, u.scale) + u.name
	}
	return strconv.FormatInt(v, 10)
}

// formatDecimal prints v/scale without trailing zeros.
func formatDecimal(v, scale int64) string {
	digits := 0
	for s := scale; s > 1; s /= 10 {
		digits++
	}
	text := new(big.Rat).SetFrac64(v, scale).FloatString(digits)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
