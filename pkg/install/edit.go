// SPDX-License-Identifier: Apache-2.0

package install

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// takesBandwidth tells whether a plugin other than ours takes the bandwidth capability.
func (l *list) takesBandwidth() bool {
	return slices.ContainsFunc(l.plugins, func(p plugin) bool {
		return p.Type != entryType && p.Capabilities["bandwidth"]
	})
}

// with returns the text with the entry as its last plugin, once. Where it is already there, equal
// in meaning, no byte is changed.
func (l *list) with(kind string, o Options) ([]byte, error) {
	last := l.plugins[len(l.plugins)-1]
	entry := o.newEntry(l)
	if i := l.find(kind); i >= 0 && len(o.Entry) == 0 {
		entry = bytes.Clone(l.text[l.plugins[i].start:l.plugins[i].end])
	}
	same := equal(l.text[last.start:last.end], entry)
	if last.Type == kind && same && l.count(kind) == 1 {
		return l.text, nil
	}
	rest, err := l.without(kind)
	if err != nil {
		return nil, err
	}
	if l, err = parseList(rest); err != nil {
		return nil, err
	}
	return l.append(entry), nil
}

// append puts an entry behind the last plugin, on a line of its own if that has one.
func (l *list) append(entry []byte) []byte {
	last := l.plugins[len(l.plugins)-1]
	return splice(l.text, span{last.end, last.end}, append(append([]byte(","), l.gap(len(l.plugins)-1)...), entry...))
}

// gap is the white space before a plugin.
func (l *list) gap(i int) []byte {
	from := l.open
	if i > 0 {
		from = l.plugins[i-1].end
	}
	between := l.text[from:l.plugins[i].start]
	return between[bytes.IndexByte(between, ',')+1:]
}

// without returns the text without any entry of the kind: what append put there is gone to the byte.
func (l *list) without(kind string) ([]byte, error) {
	i := l.find(kind)
	if i < 0 {
		return l.text, nil
	}
	if len(l.plugins) == 1 {
		return nil, fmt.Errorf("%s is the only plugin: there is no network without it", kind)
	}
	cut := span{l.plugins[i].start, 0}
	if i > 0 {
		cut = span{l.plugins[i-1].end, l.plugins[i].end}
	} else {
		cut.end = l.plugins[1].start
	}
	rest, err := parseList(splice(l.text, cut, nil))
	if err != nil {
		return nil, err
	}
	return rest.without(kind)
}

// withoutAll returns the text without entries of any of the kinds.
func (l *list) withoutAll(kinds []string) ([]byte, error) {
	for _, kind := range kinds {
		text, err := l.without(kind)
		if err != nil {
			return nil, err
		}
		if l, err = parseList(text); err != nil {
			return nil, err
		}
	}
	return l.text, nil
}

func (l *list) find(kind string) int {
	return slices.IndexFunc(l.plugins, func(p plugin) bool { return p.Type == kind })
}

func (l *list) count(kind string) (n int) {
	for _, p := range l.plugins {
		if p.Type == kind {
			n++
		}
	}
	return n
}

// splice returns text with what lies in s replaced; text stays as it is.
func splice(text []byte, s span, with []byte) []byte {
	return slices.Concat(text[:s.start], with, text[s.end:])
}

// equal compares JSON by its meaning.
func equal(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}
