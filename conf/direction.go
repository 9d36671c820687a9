// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseDirection reads a direction as an annotation gives it: in netem's
// words, or as an object in JSON or YAML. It names no files. It returns the
// warnings that go with it.
func ParseDirection(s string) (*Direction, []string, error) {
	var r reader
	d, err := r.text(s)
	return d, r.warnings, err
}

// text reads a direction from text of any form. JSON begins with a brace, a bracket
// or a quotation mark, YAML has a colon at a word's end, and words have neither.
func (r *reader) text(s string) (*Direction, error) {
	trimmed := strings.TrimSpace(s)
	object := trimmed != "" && strings.Contains(`{["`, trimmed[:1])
	if !object && !looksLikeYAML(trimmed) {
		var d Direction
		err := r.words(&d.Impairment, trimmed)
		return &d, err
	}
	v, err := parseJSON([]byte(trimmed))
	if err != nil {
		data, yamlErr := fromYAML([]byte(s))
		switch {
		case yamlErr == nil:
			v = data
		case object:
			return nil, r.wrap(err)
		default:
			return nil, r.errorf("not YAML: %s", strings.Join(strings.Fields(strings.TrimPrefix(yamlErr.Error(), "yaml: ")), " "))
		}
	}
	return r.direction(v)
}

func looksLikeYAML(s string) bool {
	for word := range strings.FieldsSeq(s) {
		if strings.HasSuffix(word, ":") {
			return true
		}
	}
	return false
}

// direction reads a direction: an object of keys and rules, or a string of
// words.
func (r *reader) direction(v value) (*Direction, error) {
	var d Direction
	if s, ok := v.text(); ok {
		return &d, r.words(&d.Impairment, s)
	}
	if v[0] != '{' {
		return nil, r.errorf("want an object or a string of words, got %s", v.what())
	}
	err := r.impairment(&d.Impairment, v, []string{"rules"}, func(_ string, v value) (err error) {
		d.Rules, err = r.rules(v)
		return err
	})
	if err != nil {
		return &d, err
	}
	r.cautionRates(&d)
	return &d, r.checkHeld(&d)
}

// cautionRates warns of rules that ask for more than the direction gives.
func (r *reader) cautionRates(d *Direction) {
	limit := max(d.Rate, d.Ceil)
	for i := range d.Rules {
		if rate := max(d.Rules[i].Rate, d.Rules[i].Ceil); limit != 0 && rate > limit {
			r.caution("rules["+strconv.Itoa(i)+"]", "its rate, %v, is above the direction's, %v, which holds", rate, limit)
		}
	}
}

// wordsKey is the key under which an object may carry the string form.
const wordsKey = "netem"

// impairment reads the object form of an impairment that has other keys beside
// its own, and validates it.
func (r *reader) impairment(imp *Impairment, v value, others []string, other func(string, value) error) error {
	words, inline := false, ""
	names := func() []string { return paramKeys(append(others, wordsKey)...) }
	err := r.object(v, names, func(key string, v value) (bool, error) {
		for _, o := range others {
			if o == key {
				return true, other(key, v)
			}
		}
		if key == wordsKey {
			words = true
			return true, r.wordsValue(imp, v)
		}
		known, err := r.setParam(imp, key, v)
		if known && inline == "" {
			inline = key
		}
		return known, err
	})
	switch {
	case err != nil:
		return err
	case words && inline != "":
		return r.in(wordsKey, func() error { return fmt.Errorf("excludes %s: write one or the other", inline) })
	case words:
		return nil
	}
	return r.finish(imp)
}

func (r *reader) wordsValue(imp *Impairment, v value) error {
	s, ok := v.text()
	if !ok {
		return fmt.Errorf("want a string of words, got %s", v.what())
	}
	return r.words(imp, s)
}
