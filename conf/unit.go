// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"tcni.dev/pkg/tc"
)

// bounds is the range of a whole number or a size; the zero value is none.
type bounds struct{ min, max int64 }

// setText reads s into the field that p points to, whose type selects the
// unit.
func setText(p any, b bounds, s string) (err error) {
	switch p := p.(type) {
	case *tc.Time:
		*p, err = tc.ParseTime(s)
	case *tc.Percent:
		*p, err = tc.ParsePercent(s)
	case *tc.Rate:
		*p, err = tc.ParseRate(s)
	case *tc.Size:
		*p, err = tc.ParseSize(s)
	case *uint32:
		err = setInt(p, b, s)
	case *int32:
		err = setInt(p, b, s)
	case *uint16:
		err = setInt(p, b, s)
	case *tc.Seed:
		p.Set = true
		p.Value, err = tc.ParseUint64(s)
	case *tc.LinkLayer:
		*p, err = parseLinkLayer(s)
	case *tc.Distribution:
		p.Name, err = parseDistribution(s)
	case *Buffer:
		*p, err = parseBuffer(s)
	}
	if err != nil {
		return err
	}
	return checkBounds(p, b)
}

func setInt[T uint16 | uint32 | int32](p *T, b bounds, s string) error {
	v, err := strconv.ParseInt(s, 10, 64)
	if errors.Is(err, strconv.ErrSyntax) {
		return fmt.Errorf("%q is not a whole number", s)
	}
	if err != nil || v < b.min || v > b.max {
		return fmt.Errorf("%s is outside %d..%d", s, b.min, b.max)
	}
	*p = T(v)
	return nil
}

// checkBounds looks at a field that was set. It serves the fields whose own
// parser allows more, such as a 0 that would read as absent.
func checkBounds(p any, b bounds) error {
	if b == (bounds{}) {
		return nil
	}
	switch p := p.(type) {
	case *tc.Size:
		if int64(*p) < b.min || int64(*p) > b.max {
			return fmt.Errorf("%v is outside %v..%v", *p, tc.Size(b.min), tc.Size(b.max))
		}
	case *uint32:
		if int64(*p) < b.min || int64(*p) > b.max {
			return fmt.Errorf("%d is outside %d..%d", *p, b.min, b.max)
		}
	}
	return nil
}

// text prints the field that p points to; "" where it says nothing.
func text(p any) string {
	if isZero(p) {
		return ""
	}
	switch p := p.(type) {
	case *tc.Time:
		return p.String()
	case *tc.Percent:
		return p.String()
	case *tc.Rate:
		return p.String()
	case *tc.Size:
		return p.String()
	case *uint32:
		return strconv.FormatUint(uint64(*p), 10)
	case *int32:
		return strconv.FormatInt(int64(*p), 10)
	case *uint16:
		return strconv.FormatUint(uint64(*p), 10)
	case *tc.Seed:
		return strconv.FormatUint(p.Value, 10)
	case *tc.LinkLayer:
		return p.String()
	case *tc.Distribution:
		return p.Name
	case *tc.Loss:
		return strings.TrimPrefix(tc.Netem{Loss: *p}.Args(), "loss ")
	case *tc.Slot:
		return strings.TrimPrefix(tc.Netem{Slot: *p}.Args(), "slot ")
	case *Buffer:
		return p.String()
	case *Order:
		return p.String()
	case *bool:
		return "true"
	}
	return ""
}

func isZero(p any) bool {
	switch p := p.(type) {
	case *tc.Time:
		return *p == 0
	case *tc.Percent:
		return *p == 0
	case *tc.Rate:
		return *p == 0
	case *tc.Size:
		return *p == 0
	case *uint32:
		return *p == 0
	case *int32:
		return *p == 0
	case *uint16:
		return *p == 0
	case *tc.Seed:
		return *p == tc.Seed{}
	case *tc.LinkLayer:
		return *p == tc.LinkEthernet
	case *tc.Distribution:
		return p.Name == ""
	case *tc.Table:
		return *p == ""
	case *tc.Loss:
		return *p == tc.Loss{}
	case *tc.Slot:
		return !p.Active()
	case *Buffer:
		return *p == Buffer{}
	case *Order:
		return *p == OrderDefault
	case *bool:
		return !*p
	}
	return true
}

// maxUint32 bounds what netem keeps in 32 bits.
const maxUint32 = math.MaxUint32
