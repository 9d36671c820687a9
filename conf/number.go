// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var errNotWhole = errors.New("not a whole number")

// wholeNumber reads a decimal number in least..most.
func wholeNumber(s string, least, most int64) (int64, error) {
	v, err := strconv.ParseInt(s, 10, 64)
	if errors.Is(err, strconv.ErrSyntax) {
		return 0, errNotWhole
	}
	if err != nil || v < least || v > most {
		return 0, fmt.Errorf("%s is outside %d..%d", s, least, most)
	}
	return v, nil
}

// appendNamed reads a number in 0..most, or one of its names, in whatever case;
// want says what it may be.
func appendNamed(numbers []uint8, s string, most uint8, named func(name string) (uint8, bool), want string) ([]uint8, error) {
	if v, known := named(strings.ToLower(s)); known {
		return append(numbers, v), nil
	}
	v, err := wholeNumber(s, 0, int64(most))
	switch {
	case errors.Is(err, errNotWhole):
		return nil, fmt.Errorf("%q is not %s", s, want)
	case err != nil:
		return nil, err
	}
	return append(numbers, uint8(v)), nil
}
