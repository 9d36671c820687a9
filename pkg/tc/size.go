// SPDX-License-Identifier: Apache-2.0

package tc

import "fmt"

// Size is a number of bytes.
type Size int64

// The binary sizes of tc(8).
const (
	Byte Size = 1
	KB        = 1024 * Byte
	MB        = 1024 * KB
	GB        = 1024 * MB

	// MaxSize is the largest size that the kernel's 32-bit fields hold.
	MaxSize Size = 1<<32 - 1
)

var sizeUnits = []unit{
	{"", 1}, {"b", 1}, {"k", 1 << 10}, {"kb", 1 << 10}, {"m", 1 << 20}, {"mb", 1 << 20}, {"g", 1 << 30}, {"gb", 1 << 30},
	{"kbit", 1 << 10 / 8}, {"mbit", 1 << 20 / 8}, {"gbit", 1 << 30 / 8},
}

// ParseSize reads a size as tc(8) writes it: a bare number or b is bytes; k or
// kb is 1024 bytes, m or mb, g or gb; kbit, mbit and gbit are an eighth of
// those. The result lies in 0..4294967295.
func ParseSize(s string) (Size, error) {
	v, err := parseQuantity(s, sizeUnits)
	if err == errNumber || err == errUnit {
		return 0, fmt.Errorf("%q is not a size: want a number and b, kb, mb or gb (64kb)", s)
	}
	if err != nil || v < 0 || Size(v) > MaxSize {
		return 0, fmt.Errorf("%s is outside 0..%d bytes", s, int64(MaxSize))
	}
	return Size(v), nil
}

// String prints the size in tc(8)'s units: kb, mb and gb only where they are
// whole.
func (s Size) String() string {
	for _, u := range []unit{{"gb", 1 << 30}, {"mb", 1 << 20}, {"kb", 1 << 10}} {
		if s != 0 && int64(s)%u.scale == 0 {
			return fmt.Sprintf("%d%s", int64(s)/u.scale, u.name)
		}
	}
	return fmt.Sprintf("%db", int64(s))
}
