// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"strings"

	"tcni.dev/pkg/tc"
)

// noImpairment is the string form of an impairment that does nothing.
const noImpairment = "none"

// ParseWords reads an impairment in the string form: what a user of tc(8)
// types after "netem", and the words of this package's own (README.md lists
// them). It returns the warnings that go with it.
func ParseWords(s string) (Impairment, []string, error) {
	var r reader
	var imp Impairment
	err := r.words(&imp, s)
	return imp, r.warnings, err
}

// words reads and validates the string form.
func (r *reader) words(imp *Impairment, s string) error {
	w := tc.NewWords(s)
	if w.Done() {
		return r.errorf("is empty: write %q for no impairment", noImpairment)
	}
	if w.Accept(noImpairment) {
		if !w.Done() {
			return r.errorf("%q stands alone, got %q after it", noImpairment, w.Peek())
		}
		return nil
	}
	var seen [len(params)]bool
	latency := false
	for !w.Done() {
		latency = latency || w.Peek() == "latency"
		i := paramByWord(w.Peek())
		if i < 0 {
			return r.wrap(r.unknownWord(*w))
		}
		if seen[i] {
			return r.in(params[i].word, func() error { return errTwice })
		}
		seen[i] = true
		if err := r.word(imp, &params[i], w); err != nil {
			return err
		}
	}
	if latency && imp.Burst != 0 && imp.Buffer == (Buffer{}) { // as tc-tbf(8) has them
		r.caution("latency", "is netem's delay here; tbf's latency is \"buffer %v\"", imp.Netem.Delay)
	}
	return r.finish(imp)
}

// word reads one word and its arguments.
func (r *reader) word(imp *Impairment, p *param, w *tc.Words) error {
	ahead := *w
	ahead.Next()
	return r.in(p.word, func() error {
		if err := apart(ahead); err != nil {
			return err
		}
		if p.parse == nil {
			if !isZero(p.at(imp)) { // an argument of rate said it already
				return errTwice
			}
			return argument(p.at(imp), p.bounds, w)
		}
		if err := p.parse(r, imp, w); err != nil {
			return err
		}
		r.cautionRounded(p.at(imp), ahead.Peek())
		return checkBounds(p.at(imp), p.bounds)
	})
}

// argument reads "word VALUE".
func argument(at any, b bounds, w *tc.Words) error {
	w.Next()
	if w.Done() {
		return errMissing
	}
	return setText(at, b, w.Next())
}

var errMissing = errors.New("value is missing")

// parseNetem leaves a word to package tc.
func parseNetem(_ *reader, imp *Impairment, w *tc.Words) error {
	return netemWord(&imp.Netem, w)
}

// netemWord reads one of netem's words, and takes the word itself off the
// error's front: the path says it.
func netemWord(n *tc.Netem, w *tc.Words) error {
	word := w.Peek()
	_, err := tc.ParseNetemWord(n, w)
	if err == nil {
		return nil
	}
	if rest, ok := strings.CutPrefix(err.Error(), word); ok {
		return errors.New(strings.TrimLeft(rest, ": "))
	}
	return err
}

// KnownWords lists what the string form can hold, aliases aside.
func KnownWords() []string { return append([]string{noImpairment}, paramWords()...) }

// Words prints the impairment in the string form, so that ParseWords reads it
// back. A table of the user's own is printed by its name only.
func (i Impairment) Words() string {
	if i.IsZero() {
		return noImpairment
	}
	var b strings.Builder
	for n := range params {
		p := &params[n]
		if p.key == "delay" { // from here on it is netem's
			break
		}
		writeWord(&b, p, &i)
	}
	if i.KeepOrder != OrderDefault {
		writeWord(&b, paramByKey("keepOrder"), &i)
	}
	return strings.TrimSpace(b.String() + i.Netem.Args())
}

func writeWord(b *strings.Builder, p *param, i *Impairment) {
	if s := text(p.at(i)); s != "" {
		b.WriteString(p.word + " " + s + " ")
	}
}
