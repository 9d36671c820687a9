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
	"strconv"
	"strings"

	"tcni.dev/internal/suggest"
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
			return inKey(reflect.TypeOf(into), key, err)
		}
	}
	return nil
}

// kinds are how people call what the fields take.
var kinds = map[reflect.Kind]string{
	reflect.String: "text", reflect.Bool: "true or false", reflect.Int: "a whole number", reflect.Struct: "keys with values", reflect.Map: "keys with values",
}

// inKey says which key of an object an error of encoding/json is about, in people's
// words.
func inKey(object reflect.Type, key string, err error) error {
	var wrong *json.UnmarshalTypeError
	unknown, isUnknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	keys := keysOf(object)
	switch {
	case errors.As(err, new(placed)):
		return err
	case errors.As(err, &wrong):
		err = fmt.Errorf("want %s, got %s", kinds[wrong.Type.Kind()], wrong.Value)
	case isUnknown && unknown == fmt.Sprintf("%q", key):
		return unknownKey(unknown, keys)
	case isUnknown:
		for name, takes := range keys {
			if strings.EqualFold(name, key) { // as encoding/json looks it up
				err = unknownKey(unknown, keysOf(takes))
			}
		}
	}
	return fmt.Errorf("%s: %w", key, err)
}

// keysOf lists the keys that a struct is read from, with what they take.
func keysOf(t reflect.Type) map[string]reflect.Type {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	keys := map[string]reflect.Type{}
	for i := range t.NumField() {
		keys[t.Field(i).Tag.Get("json")] = t.Field(i).Type
	}
	return keys
}

// unknownKey tells what is likely meant by a key, in quotation marks, that is none.
func unknownKey(quoted string, keys map[string]reflect.Type) error {
	name, err := strconv.Unquote(quoted)
	if err != nil {
		return fmt.Errorf("unknown key %s", quoted)
	}
	if _, isStep := keys["for"]; isStep && name == "duration" {
		return fmt.Errorf("unknown key %q: did you mean %q?", name, "for")
	}
	return suggest.Unknown("key", name, slices.Sorted(maps.Keys(keys)))
}
