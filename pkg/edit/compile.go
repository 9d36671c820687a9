// SPDX-License-Identifier: Apache-2.0

package edit

import (
	"fmt"
	"strings"

	"tcni.dev/conf"
)

// compiled is a change whose value was read.
type compiled struct {
	Change
	impairment conf.Impairment
	whole      *conf.Direction // where the value was an object
}

// Compile reads the changes' values once, and returns what does them to a shape,
// with the warnings about the values.
func Compile(changes ...Change) (func(conf.Shape) (conf.Shape, error), []string, error) {
	var all []compiled
	var warnings []string
	for _, c := range changes {
		one, w, err := compile(c)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", c.Direction, err)
		}
		for _, text := range w {
			warnings = append(warnings, c.Direction+": "+text)
		}
		all = append(all, one)
	}
	return func(s conf.Shape) (conf.Shape, error) {
		for _, c := range all {
			if err := c.apply(&s); err != nil {
				return s, fmt.Errorf("%s: %w", c.Direction, err)
			}
		}
		return s, nil
	}, warnings, nil
}

func compile(c Change) (out compiled, warnings []string, err error) {
	out.Change = c
	if !strings.ContainsAny(c.Value, "{:") {
		out.impairment, warnings, err = conf.ParseWords(c.Value)
		return out, warnings, err
	}
	d, warnings, err := conf.ParseDirection(c.Value)
	switch {
	case err != nil:
		return out, nil, err
	case c.Rule != "" && len(d.Rules) > 0:
		return out, nil, fmt.Errorf("rule %s: a rule has no rules of its own", c.Rule)
	case c.Rule != "":
		out.impairment = d.Impairment
	default:
		out.whole = d
	}
	return out, warnings, nil
}

func (c compiled) apply(s *conf.Shape) error {
	if c.whole != nil {
		*at(s, c.Direction) = orNil(*c.whole)
		return nil
	}
	return Impair(s, c.Direction, c.Rule, func(conf.Impairment) conf.Impairment { return c.impairment })
}
