// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"fmt"
	"strings"
	"unicode"

	"tcni.dev/pkg/tc"
)

// Error is one wrong value: who gave it, where it stands in what they gave,
// and what is wrong with it. It prints as one line.
type Error struct {
	Source string // "conflist NAME", "annotation KEY", "args.cni", "CNI_ARGS KEY", "capability bandwidth", "profile NAME"
	Path   string // "rules[1].match.port"; "" where the value as a whole is meant
	Cause  error
}

// Error implements error.
func (e *Error) Error() string { return line(e.Source, e.Path, e.Cause.Error()) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// line joins what is there: "annotation tcni.dev/egress: delay: cause". It
// stays one line whatever was in the names and values that it quotes.
func line(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		b.WriteString(p)
	}
	return strings.Map(printable, b.String())
}

func printable(r rune) rune {
	if !unicode.IsPrint(r) {
		return unicode.ReplacementChar
	}
	return r
}

// reader knows where it is reading, so that an error made anywhere says so.
type reader struct {
	source   string
	path     []string
	tables   func(name string) ([]byte, error) // nil where no file may be named
	warnings []string
	samples  map[*Impairment][]tc.Time // delaySamples, until the impairment is complete

	experimental func(name string) ([]byte, error) // the one file that all may name; nil: SystemTable
	profile      func(name string) (*Profile, error)
}

// in runs f one step further down the path.
func (r *reader) in(step string, f func() error) error {
	r.path = append(r.path, step)
	err := r.wrap(f())
	r.path = r.path[:len(r.path)-1]
	return err
}

// wrap adds where the reader is to an error that does not know yet.
func (r *reader) wrap(err error) error {
	if _, done := err.(*Error); err == nil || done {
		return err
	}
	return &Error{Source: r.source, Path: r.where(), Cause: err}
}

func (r *reader) errorf(format string, args ...any) error {
	return r.wrap(fmt.Errorf(format, args...))
}

func (r *reader) warnf(format string, args ...any) {
	r.warnings = append(r.warnings, line(r.source, r.where(), fmt.Sprintf(format, args...)))
}

// where prints the path: rules[1].match.port.
func (r *reader) where() string {
	var b strings.Builder
	for _, step := range r.path {
		if b.Len() > 0 && !strings.HasPrefix(step, "[") {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}
