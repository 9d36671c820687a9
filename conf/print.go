// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"encoding/binary"
	"slices"
	"strconv"

	"tcni.dev/pkg/tc"
)

// MarshalJSON prints the impairment in the object form, its keys in the order
// of README.md.
func (i Impairment) MarshalJSON() ([]byte, error) {
	return closeObject(appendImpairment([]byte{'{'}, &i)), nil
}

// MarshalJSON prints the direction in the object form.
func (d Direction) MarshalJSON() ([]byte, error) { return d.AppendJSON(nil), nil }

// AppendJSON is MarshalJSON behind what b holds.
func (d *Direction) AppendJSON(b []byte) []byte {
	b = slices.Grow(b, ruleText*len(d.Rules))
	b = appendImpairment(append(b, '{'), &d.Impairment)
	if len(d.Rules) > 0 {
		b = append(b, `"rules":[`...)
		for i := range d.Rules {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendRule(b, &d.Rules[i])
		}
		b = append(b, `],`...)
	}
	return closeObject(b)
}

// ruleText is about what a rule takes.
const ruleText = 96

// UnmarshalJSON reads either form. It names no files.
func (d *Direction) UnmarshalJSON(data []byte) error {
	v, err := parseJSON(data)
	if err != nil {
		return err
	}
	var r reader
	read, err := r.direction(v)
	if err == nil {
		*d = *read
	}
	return err
}

// MarshalJSON prints the rule as a direction's list has it.
func (r Rule) MarshalJSON() ([]byte, error) { return appendRule(nil, &r), nil }

// MarshalJSON prints the match, a list only where there are several values.
func (m Match) MarshalJSON() ([]byte, error) { return appendMatch(nil, m), nil }

func appendRule(b []byte, r *Rule) []byte {
	b = append(b, '{')
	if r.Name != "" {
		b = append(strconv.AppendQuote(append(b, `"name":`...), r.Name), ',')
	}
	if !r.Match.isZero() {
		b = append(appendMatch(append(b, `"match":`...), r.Match), ',')
	}
	return closeObject(appendImpairment(b, &r.Impairment))
}

func appendMatch(b []byte, m Match) []byte {
	b = append(b, '{')
	for _, k := range matchKeys {
		values := k.print(m)
		if len(values) == 0 {
			continue
		}
		b = append(strconv.AppendQuote(b, k.key), ':')
		if len(values) > 1 {
			b = append(b, '[')
		}
		for i, v := range values {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, v...)
		}
		if len(values) > 1 {
			b = append(b, ']')
		}
		b = append(b, ',')
	}
	return closeObject(b)
}

// closeObject takes the last comma away and closes.
func closeObject(b []byte) []byte {
	if b[len(b)-1] == ',' {
		b = b[:len(b)-1]
	}
	return append(b, '}')
}

// appendImpairment prints the keys that say something, each with a comma.
func appendImpairment(b []byte, i *Impairment) []byte {
	for n := range params {
		p := &params[n]
		at := p.at(i)
		if isZero(at) || p.key == "distributionTable" && i.Netem.Distribution.Name == experimental {
			continue // the name says what the table holds
		}
		b = append(strconv.AppendQuote(b, p.key), ':')
		b = append(appendScalar(b, at), ',')
	}
	return b
}

// appendScalar is the inverse of scalar.
func appendScalar(b []byte, at any) []byte {
	switch p := at.(type) {
	case *bool, *uint32, *int32, *uint16, *tc.Seed:
		return append(b, text(p)...)
	case *Order:
		return strconv.AppendBool(b, *p == OrderKeep)
	case *tc.Table:
		return appendTable(b, *p)
	}
	return strconv.AppendQuote(b, text(at))
}

func appendTable(b []byte, t tc.Table) []byte {
	b = append(b, '[')
	for i := 0; i+1 < len(t); i += 2 {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(int16(binary.NativeEndian.Uint16([]byte(t[i:i+2])))), 10)
	}
	return append(b, ']')
}
