// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"cmp"
	"fmt"
	"strings"

	"tcni.dev/pkg/tc"
)

var (
	overheadBounds = bounds{-1500, 1500}
	cellSizeBounds = bounds{0, 65535}
	burstBounds    = bounds{1, maxUint32}
)

// parseRate reads "rate RATE [OVERHEAD [CELLSIZE [CELLOVERHEAD]]]", netem's
// way of saying how the link frames packets.
func parseRate(r *reader, imp *Impairment, w *tc.Words) error {
	var n tc.Netem
	if err := netemWord(&n, w); err != nil {
		return err
	}
	imp.Rate = n.Rate
	f := &imp.Framing
	return cmp.Or(
		framing(r, "overhead", &f.Overhead, n.Overhead, overheadBounds),
		framing(r, "cellsize", &f.CellSize, n.CellSize, cellSizeBounds),
		framing(r, "celloverhead", &f.CellOverhead, n.CellOverhead, overheadBounds))
}

func framing[T int32 | uint32](r *reader, word string, dst *T, given T, b bounds) error {
	var zero T
	switch {
	case given == zero:
		return nil
	case *dst != zero:
		return r.in(word, func() error { return errTwice })
	case int64(given) < b.min || int64(given) > b.max:
		return r.in(word, func() error { return fmt.Errorf("%d is outside %d..%d", given, b.min, b.max) })
	}
	*dst = given
	return nil
}

// parseBurst reads "burst SIZE". A bare number is refused: after "loss
// PERCENT" it is a mean burst length, and here it may be a slip.
func parseBurst(_ *reader, imp *Impairment, w *tc.Words) error {
	ahead := *w
	ahead.Next()
	if s := ahead.Peek(); isBare(s) {
		return fmt.Errorf("%s has no unit: write \"%skb\"; as a mean burst length it stands right after \"loss PERCENT\"", s, s)
	}
	return argument(&imp.Burst, burstBounds, w)
}

func parseLinkLayer(s string) (tc.LinkLayer, error) {
	switch s {
	case "ethernet":
		return tc.LinkEthernet, nil
	case "atm", "adsl":
		return tc.LinkATM, nil
	}
	return 0, fmt.Errorf("%q is not a link layer: want ethernet or atm", s)
}

// parseBuffer reads a size or a time; every unit of time ends in s, none of a
// size does.
func parseBuffer(s string) (b Buffer, err error) {
	unit := strings.ToLower(strings.TrimLeft(s, "0123456789.-+"))
	if unit == "" {
		return b, fmt.Errorf("%s has no unit: write \"%skb\" or \"%sms\"", s, s, s)
	}
	if strings.HasSuffix(unit, "s") || strings.HasSuffix(unit, "sec") {
		b.Time, err = tc.ParseTime(s)
	} else {
		b.Bytes, err = tc.ParseSize(s)
	}
	if err == nil && b == (Buffer{}) {
		err = fmt.Errorf("%s holds nothing: leave it out to have it computed", s)
	}
	return b, err
}

// String prints the size or the time; "" where it is to be computed.
func (b Buffer) String() string {
	switch {
	case b.Time != 0:
		return b.Time.String()
	case b.Bytes != 0:
		return b.Bytes.String()
	}
	return ""
}
