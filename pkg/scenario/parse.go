// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

// Scenario is a file, read.
type Scenario struct {
	Name    string           `json:"name"`
	Targets map[string]Names `json:"targets"` // names for attachments; none: those that the player is given
	Steps   Steps            `json:"steps"`
}

// Step is one entry of a scenario.
type Step struct {
	Name string   `json:"name"`
	On   Names    `json:"target"` // targets; none: all
	For  Duration `json:"for"`

	Egress  Value  `json:"egress"`
	Ingress Value  `json:"ingress"`
	Both    Value  `json:"both"`
	Profile string `json:"profile"`
	Rule    string `json:"rule"`  // what is asked for is of this rule
	Clear   bool   `json:"clear"` // what was in force before the scenario

	Ramp  Duration `json:"ramp"`  // how long to take from what is to what is asked for
	Every Duration `json:"every"` // between two steps of a ramp; 0: 100 ms
	Trace *Trace   `json:"trace"`

	Repeat int    `json:"repeat"` // how often Steps are played; 0: once
	Steps  Steps  `json:"steps"`
	Goto   string `json:"goto"` // the name of an outermost step
}

// Duration is a time as Go writes it: 1m30s.
type Duration time.Duration

// UnmarshalJSON implements json.Unmarshaler.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("%s is not a time: want a string with a unit (10s, 100ms)", data)
	}
	v, err := time.ParseDuration(s)
	if err != nil || v < 0 {
		return fmt.Errorf("%q is not a time: want a number and a unit (10s, 100ms, 1m30s)", s)
	}
	*d = Duration(v)
	return nil
}

// Names is a name or a list of them.
type Names []string

// UnmarshalJSON implements json.Unmarshaler.
func (n *Names) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*n = Names{one}
		return nil
	}
	var list []string
	if err := json.Unmarshal(data, &list); err != nil {
		return errors.New("want a name or a list of names")
	}
	*n = list
	return nil
}

// Value is a direction: words, or an object as JSON.
type Value string

// UnmarshalJSON implements json.Unmarshaler.
func (v *Value) UnmarshalJSON(data []byte) error {
	var words string
	if json.Unmarshal(data, &words) == nil {
		if words == "" {
			return errors.New("is empty: want words of tc-netem(8), an object, or none")
		}
		*v = Value(words)
		return nil
	}
	*v = Value(data)
	return nil
}

// Parse reads a scenario in YAML or JSON.
func Parse(data []byte) (*Scenario, error) {
	converted, err := yaml.YAMLToJSONStrict(data)
	if err != nil {
		return nil, fmt.Errorf("scenario: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var s Scenario
	if err := readObject(converted, &s); err != nil {
		return nil, fmt.Errorf("scenario: %w", err)
	}
	if len(s.Steps) == 0 {
		return nil, errors.New("scenario: steps: there are none")
	}
	return &s, nil
}
