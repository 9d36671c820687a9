// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"fmt"
	"strconv"
)

// rules reads a list of rules.
func (r *reader) rules(v value) ([]Rule, error) {
	if v[0] != '[' {
		return nil, r.errorf("want a list, got %s", v.what())
	}
	// A rule is large: a slice that grew would leave several times its size behind.
	n := v.count()
	if n == 0 {
		return nil, nil
	}
	rules := make([]Rule, n)
	names := map[string]int{}
	all := -1 // the first rule that matches all
	for i, e := range v.elements() {
		err := r.in("["+strconv.Itoa(i)+"]", func() error {
			rule := &rules[i]
			if err := r.rule(rule, e); err != nil {
				return err
			}
			if all >= 0 {
				r.warnf("is never reached: rules[%d] matches all", all)
			} else if rule.Match.isZero() {
				all = i
			}
			return r.uniqueName(names, rule.Name, i)
		})
		if err != nil {
			return nil, err
		}
	}
	return rules, nil
}

func (r *reader) uniqueName(names map[string]int, name string, i int) error {
	if name == "" {
		return nil
	}
	if first, taken := names[name]; taken {
		return r.in("name", func() error { return fmt.Errorf("%q is the name of rules[%d] already", name, first) })
	}
	names[name] = i
	return nil
}

// rule reads one rule: its name, what it matches, and an impairment.
func (r *reader) rule(rule *Rule, v value) error {
	return r.impairment(&rule.Impairment, v, []string{"name", "match"}, func(key string, v value) (err error) {
		if key == "match" {
			rule.Match, err = r.match(v)
			return err
		}
		name, ok := v.text()
		if !ok {
			return fmt.Errorf("want a string, got %s", v.what())
		}
		if !isName(name) {
			return fmt.Errorf("%q is not a name: want 1..63 of A-Z a-z 0-9 . _ -", name)
		}
		if name == RuleDefault || name == RuleUnshaped {
			return fmt.Errorf("%q is taken: counters call so what no rule takes (%s) and what is let through (%s)", name, RuleDefault, RuleUnshaped)
		}
		rule.Name = name
		return nil
	})
}
