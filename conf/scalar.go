// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"fmt"
	"strings"

	"tcni.dev/pkg/tc"
)

// scalar reads one value of the object form into the field that p points to.
func scalar(p any, b bounds, v value) error {
	switch p := p.(type) {
	case *bool:
		on, err := boolean(v)
		*p = on
		return err
	case *Order:
		keep, err := boolean(v)
		*p = OrderFree
		if keep {
			*p = OrderKeep
		}
		return err
	case *uint32, *int32, *uint16, *tc.Seed:
		if !v.isNumber() {
			return fmt.Errorf("want a number, got %s", v.what())
		}
		return setText(p, b, string(v))
	}
	s, err := quantity(p, v)
	if err != nil {
		return err
	}
	return setText(p, b, s)
}

func boolean(v value) (bool, error) {
	switch v[0] {
	case 't':
		return true, nil
	case 'f':
		return false, nil
	}
	return false, fmt.Errorf("want true or false, got %s", v.what())
}

// unitHint returns a unit that is likely meant where a quantity has none; ""
// for what is no quantity.
func unitHint(p any) string {
	switch p.(type) {
	case *tc.Time:
		return "ms"
	case *tc.Percent, *tc.Loss:
		return "%"
	case *tc.Rate:
		return "mbit"
	case *tc.Size, *Buffer:
		return "kb"
	case *tc.Slot:
		return "ms"
	}
	return ""
}

// quantity returns the text of v, which the object form wants as a string with
// a unit: tc(8) gives bare numbers a different unit here and there.
func quantity(p any, v value) (string, error) {
	s, isString := v.text()
	hint := unitHint(p)
	if v.isNumber() {
		s = string(v)
	}
	switch {
	case hint != "" && s != "0" && isBare(s):
		return "", fmt.Errorf("%s has no unit: write \"%s%s\"", s, s, hint)
	case !isString:
		return "", fmt.Errorf("want a string, got %s", v.what())
	case strings.TrimSpace(s) != s || s == "":
		return "", fmt.Errorf("%q is empty or has spaces around it", s)
	}
	return s, nil
}

// isBare tells whether s is a number without a unit.
func isBare(s string) bool { return s != "" && strings.Trim(s, "0123456789.") == "" }
