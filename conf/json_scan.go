// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"slices"
	"strings"
)

// nextItem steps past a comma, if one stands there.
func nextItem(b []byte) []byte {
	b = skipSpace(b)
	if b[0] == ',' {
		return skipSpace(b[1:])
	}
	return b
}

func skipSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\n' || b[0] == '\t' || b[0] == '\r') {
		b = b[1:]
	}
	return b
}

// stringEnd returns the length of the string that b begins with.
func stringEnd(b []byte) int {
	for i := 1; ; i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

// valueEnd returns the length of the value that b begins with.
func valueEnd(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i += stringEnd(b[i:]) - 1
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
		case ',', ' ', '\n', '\t', '\r', ':':
			continue
		default:
			for i+1 < len(b) && strings.IndexByte(",]} \n\t\r", b[i+1]) < 0 {
				i++
			}
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(b)
}

// object reads every member of v with set, which tells whether it knows the
// key; names lists the keys that it knows. A key given twice is an error: JSON
// readers disagree on which one holds.
func (r *reader) object(v value, names func() []string, set func(key string, v value) (bool, error)) error {
	if v[0] != '{' {
		return r.errorf("want an object, got %s", v.what())
	}
	var buffer [12]string
	seen := buffer[:0]
	for key, member := range v.members() {
		known := true
		err := r.in(key, func() (err error) {
			if slices.Contains(seen, key) {
				return errTwice
			}
			known, err = set(key, member)
			return err
		})
		if !known {
			return r.wrap(unknownKey(key, names()))
		}
		if err != nil {
			return err
		}
		seen = append(seen, key)
	}
	return nil
}
