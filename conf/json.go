// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// value is one JSON value, known to be valid. Reading it in place keeps the
// order of keys, shows the ones given twice, hands out raw bytes, and is an
// order faster than reflection.
type value []byte

// parseJSON checks data and returns it as a value.
func parseJSON(data []byte) (value, error) {
	if json.Valid(data) {
		return bytes.TrimSpace(data), nil
	}
	var into json.RawMessage
	err := json.Unmarshal(data, &into)
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return nil, fmt.Errorf("not JSON: %w at byte %d", err, syntax.Offset)
	}
	return nil, fmt.Errorf("not JSON: %w", err)
}

// what names the value's kind for a message.
func (v value) what() string {
	switch v[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 'n':
		return "null"
	case 't', 'f':
		return string(v)
	}
	return "a number"
}

func (v value) isNumber() bool { return v[0] == '-' || v[0] >= '0' && v[0] <= '9' }

// present tells whether there is a value that is not null.
func (v value) present() bool { return len(v) > 0 && v[0] != 'n' }

// text returns the string that v is.
func (v value) text() (string, bool) {
	if v[0] != '"' {
		return "", false
	}
	inner := v[1 : len(v)-1]
	plain := func(b byte) bool { return b != '\\' && b < 0x80 }
	for _, b := range inner {
		if !plain(b) {
			var s string
			err := json.Unmarshal(v, &s)
			return s, err == nil
		}
	}
	return string(inner), true
}

// members yields the keys and values of an object, in their order.
func (v value) members() iter.Seq2[string, value] {
	return func(yield func(string, value) bool) {
		for rest := skipSpace(v[1:]); rest[0] != '}'; rest = nextItem(rest) {
			n := stringEnd(rest)
			key, _ := value(rest[:n]).text()
			rest = skipSpace(skipSpace(rest[n:])[1:]) // past the colon
			n = valueEnd(rest)
			if !yield(key, value(rest[:n:n])) {
				return
			}
			rest = rest[n:]
		}
	}
}

// elements yields the values of a list.
func (v value) elements() iter.Seq2[int, value] {
	return func(yield func(int, value) bool) {
		i := 0
		for rest := skipSpace(v[1:]); rest[0] != ']'; rest = nextItem(rest) {
			n := valueEnd(rest)
			if !yield(i, value(rest[:n:n])) {
				return
			}
			rest, i = rest[n:], i+1
		}
	}
}

// count returns how many elements a list has.
func (v value) count() (n int) {
	for range v.elements() {
		n++
	}
	return n
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

var errTwice = errors.New("is given twice")
