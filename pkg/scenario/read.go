// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// placed is an error in a step.
type placed struct {
	place string // steps[1].steps[0]
	err   error
}

func (p placed) Error() string { return p.place + ": " + p.err.Error() }
func (p placed) Unwrap() error { return p.err }

// inStep names the step that an error is in.
func inStep(i int, err error) error {
	place := fmt.Sprintf("steps[%d]", i)
	if p, ok := err.(placed); ok {
		return placed{place + "." + p.place, p.err}
	}
	return placed{place, err}
}

// Steps are the entries of a scenario, or of a step.
type Steps []Step

// UnmarshalJSON implements json.Unmarshaler. An error names the step.
func (s *Steps) UnmarshalJSON(data []byte) error {
	var list []json.RawMessage
	if json.Unmarshal(data, &list) != nil {
		return errors.New("want a list of steps")
	}
	*s = make(Steps, len(list))
	for i, one := range list {
		if err := readObject(one, &(*s)[i]); err != nil {
			return inStep(i, err)
		}
	}
	return nil
}

// readObject reads an object key by key, so that an error names the key.
func readObject(data []byte, into any) error {
	var all map[string]json.RawMessage
	if json.Unmarshal(data, &all) != nil {
		return fmt.Errorf("want keys with values, got %.40s", data)
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		one, err := json.Marshal(map[string]json.RawMessage{key: all[key]})
		if err != nil {
			return err
		}
		d := json.NewDecoder(bytes.NewReader(one))
		d.DisallowUnknownFields()
		if err := d.Decode(into); err != nil {
			return inKey(key, err)
		}
	}
	return nil
}

// kinds are how people call what the fields take.
var kinds = map[reflect.Kind]string{
	reflect.String: "text", reflect.Bool: "true or false", reflect.Int: "a whole number", reflect.Struct: "keys with values", reflect.Map: "keys with values",
}

// inKey says which key an error of encoding/json is about, in people's words.
func inKey(key string, err error) error {
	var wrong *json.UnmarshalTypeError
	unknown, isUnknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case errors.As(err, new(placed)):
		return err
	case errors.As(err, &wrong):
		err = fmt.Errorf("want %s, got %s", kinds[wrong.Type.Kind()], wrong.Value)
	case isUnknown && unknown == fmt.Sprintf("%q", key):
		return fmt.Errorf("unknown key %s", unknown)
	case isUnknown:
		err = fmt.Errorf("unknown key %s", unknown)
	}
	return fmt.Errorf("%s: %w", key, err)
}
