// SPDX-License-Identifier: Apache-2.0

// Package edit turns what people ask for at run time into changes of a shape:
//
//	egress delay 100ms loss 1% ingress none
//
// A direction's words are those of the annotation. Words change what no rule
// takes, or one rule, and leave the other rules as they are; an object, in JSON
// or YAML, is the whole direction.
package edit

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tcni.dev/conf"
)

// Change is one direction's part of a request.
type Change struct {
	Direction string // egress, ingress
	Rule      string // the name of a rule; "": what no rule takes
	Value     string // words, or an object in JSON or YAML
}

// Directions that a request can begin with.
const (
	Egress  = "egress"
	Ingress = "ingress"
	Both    = "both"
	profile = "profile"
)

// Parse takes a request apart: "egress WORDS… ingress WORDS…", "both WORDS…" or
// "profile NAME". It may be in pieces, apart at any space that is not within an
// object. With a rule, it is that rule that changes in each direction.
func Parse(pieces []string, rule string, profiles Profiles) ([]Change, error) {
	words := split(pieces)
	var out []Change
	for len(words) > 0 {
		head := words[0]
		n := 1
		for n < len(words) && !isDirection(words[n]) {
			n++
		}
		value := strings.Join(words[1:n], " ")
		words = words[n:]
		switch {
		case !isDirection(head):
			return nil, fmt.Errorf("%q is no direction: want %s", head, directionList)
		case value == "" && len(words) > 1 && words[0] == profile:
			return nil, fmt.Errorf("%s: a profile is of both directions: write profile %s alone", head, words[1])
		case value == "":
			return nil, fmt.Errorf("%s: what? (%s)", head, example(head))
		case head == Both:
			out = append(out, Change{Egress, rule, value}, Change{Ingress, rule, value})
		case head == profile:
			p, err := profiles.Find(value)
			if err != nil {
				return nil, err
			}
			out = append(out, Change{Egress, rule, p.Egress}, Change{Ingress, rule, p.Ingress})
		default:
			out = append(out, Change{head, rule, value})
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no direction: want %s", directionList)
	}
	return out, nil
}

const directionList = "egress, ingress, both or profile"

func isDirection(word string) bool {
	return slices.Contains([]string{Egress, Ingress, Both, profile}, word)
}

func example(direction string) string {
	if direction == profile {
		return "profile 3g"
	}
	return direction + " delay 100ms loss 1%"
}

// ErrNoRule says that the direction has no rule of the name that was given.
var ErrNoRule = errors.New("no rule is called")

// Impair changes what a direction does to the packets that no rule takes, or to
// those of one rule (ErrNoRule). A direction that then does nothing and has no rules is nil.
func Impair(s *conf.Shape, direction, rule string, change func(conf.Impairment) conf.Impairment) error {
	place := at(s, direction)
	var d conf.Direction
	if *place != nil {
		d = **place
	}
	if rule == "" {
		d.Impairment = change(d.Impairment)
		*place = orNil(d)
		return nil
	}
	i := index(d.Rules, rule)
	if i < 0 {
		return fmt.Errorf("%w %q%s%s", ErrNoRule, rule, known(d.Rules), elsewhere(*s, direction, rule))
	}
	d.Rules = slices.Clone(d.Rules)
	d.Rules[i].Impairment = change(d.Rules[i].Impairment)
	*place = orNil(d)
	return nil
}

// index is where the rule of a name is; below 0: nowhere.
func index(rules []conf.Rule, name string) int {
	return slices.IndexFunc(rules, func(r conf.Rule) bool { return r.Name == name })
}

// elsewhere tells that it is the other direction that has the rule.
func elsewhere(s conf.Shape, direction, rule string) string {
	other := Egress
	if direction == Egress {
		other = Ingress
	}
	if d := *at(&s, other); d == nil || index(d.Rules, rule) < 0 {
		return ""
	}
	return fmt.Sprintf("; it is a rule of %s", other)
}

func at(s *conf.Shape, direction string) **conf.Direction {
	if direction == Ingress {
		return &s.Ingress
	}
	return &s.Egress
}

// orNil returns nil for a direction that does nothing and has no rules. Rules of
// no effect stay: what is asked for next leaves them as they are.
func orNil(d conf.Direction) *conf.Direction {
	if d.IsZero() && len(d.Rules) == 0 {
		return nil
	}
	return &d
}

func known(rules []conf.Rule) string {
	var names []string
	for _, r := range rules {
		if r.Name != "" {
			names = append(names, r.Name)
		}
	}
	if len(names) == 0 {
		return ": there are none with a name"
	}
	return ": there are " + strings.Join(names, ", ")
}
