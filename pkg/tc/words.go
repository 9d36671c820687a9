// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"strconv"
	"strings"
)

// Words is a command line taken apart, read from left to right.
type Words struct {
	list []string
	next int
}

// NewWords splits a line at white space.
func NewWords(line string) *Words { return &Words{list: strings.Fields(line)} }

// Done tells whether all words are read.
func (w *Words) Done() bool { return w.next >= len(w.list) }

// Peek returns the next word, or "" at the end.
func (w *Words) Peek() string {
	if w.Done() {
		return ""
	}
	return w.list[w.next]
}

// Next returns the next word and steps past it; "" at the end.
func (w *Words) Next() string {
	s := w.Peek()
	w.next++
	return s
}

// Accept steps past the next word if it is one of words.
func (w *Words) Accept(words ...string) bool {
	for _, s := range words {
		if !w.Done() && w.Peek() == s {
			w.next++
			return true
		}
	}
	return false
}

// Expect steps past word, or says what stands there instead.
func (w *Words) Expect(word string) error {
	if !w.Accept(word) {
		return fmt.Errorf("want %q, got %q", word, w.Peek())
	}
	return nil
}

// Arg reads one value with parse; name is what the value is for.
func Arg[T any](w *Words, name string, parse func(string) (T, error)) (T, error) {
	var zero T
	if w.Done() {
		return zero, fmt.Errorf("%s: value is missing", name)
	}
	v, err := parse(w.Next())
	if err != nil {
		return zero, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

// OptArg reads one value with parse if the next word begins like a number, and
// leaves dst alone otherwise: tc(8)'s optional arguments.
func OptArg[T any](w *Words, name string, dst *T, parse func(string) (T, error)) (bool, error) {
	word := w.Peek()
	if word == "" || !strings.ContainsRune("0123456789.-+", rune(word[0])) {
		return false, nil
	}
	v, err := Arg(w, name, parse)
	if err != nil {
		return false, err
	}
	*dst = v
	return true, nil
}

// ParseUint32 reads a whole number, decimal or 0x hexadecimal.
func ParseUint32(s string) (uint32, error) {
	v, err := strconv.ParseUint(s, 0, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number in 0..4294967295", s)
	}
	return uint32(v), nil
}

// ParseInt32 reads a whole number that may be negative.
func ParseInt32(s string) (int32, error) {
	v, err := strconv.ParseInt(s, 0, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number in -2147483648..2147483647", s)
	}
	return int32(v), nil
}

// ParseUint64 reads a whole number of 64 bits, decimal or 0x hexadecimal.
func ParseUint64(s string) (uint64, error) {
	v, err := strconv.ParseUint(s, 0, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number in 0..18446744073709551615", s)
	}
	return v, nil
}
