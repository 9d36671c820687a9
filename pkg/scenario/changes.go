// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"

	"tcni.dev/pkg/edit"
)

// changes are what the step asks for, in the words of package edit.
func (s *Step) changes(profiles edit.Profiles) (out []edit.Change, err error) {
	if s.Profile != "" {
		p, err := profiles.Find(s.Profile)
		if err != nil {
			return nil, fmt.Errorf("profile: %w", err)
		}
		out = append(out, edit.Change{Direction: edit.Egress, Rule: s.Rule, Value: p.Egress}, edit.Change{Direction: edit.Ingress, Rule: s.Rule, Value: p.Ingress})
	}
	for _, d := range []struct {
		value      Value
		directions []string
	}{{s.Both, []string{edit.Egress, edit.Ingress}}, {s.Egress, []string{edit.Egress}}, {s.Ingress, []string{edit.Ingress}}} {
		for _, direction := range d.directions {
			if d.value != "" {
				out = append(out, edit.Change{Direction: direction, Rule: s.Rule, Value: string(d.value)})
			}
		}
	}
	return out, nil
}

// hasValue tells whether the step asks for a value that a rule can have.
func (s *Step) hasValue() bool {
	return s.Egress != "" || s.Ingress != "" || s.Both != "" || s.Profile != ""
}

// misfits are what a step cannot say at once, or not alone. Nothing that is said
// is passed over.
var misfits = []struct {
	is  func(s Step) bool
	why string
}{
	{func(s Step) bool { return s.Repeat < 0 || s.Repeat > 0 && len(s.Steps) == 0 }, "repeat: want a number above 0, and steps"},
	{func(s Step) bool { return s.Ramp > 0 && s.Trace != nil }, "ramp: a trace has times of its own: put the ramp into a step before it"},
	{func(s Step) bool { return s.Ramp > 0 && !s.hasValue() && !s.Clear }, "ramp: to what? (egress, ingress, both, profile or clear)"},
	{func(s Step) bool { return s.Every > 0 && s.Ramp == 0 }, "every: is between the steps of a ramp, and there is none"},
	{func(s Step) bool { return s.Rule != "" && !s.hasValue() && s.Trace == nil }, "rule: what of it? (egress, ingress, both, profile or trace)"},
	{func(s Step) bool { return len(s.On) > 0 && !s.hasValue() && s.Trace == nil && !s.Clear }, "target: what of it? (egress, ingress, both, profile, trace or clear); steps within a step name their own"},
}
