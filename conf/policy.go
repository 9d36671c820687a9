// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"fmt"
	"slices"
	"strings"

	"tcni.dev/pkg/tc"
)

// Policy bounds what anybody but the administrator may ask for. The conflist's
// own directions are not held to it, but for MaxQueue where a queue's size is
// computed.
type Policy struct {
	Annotations bool // annotations are read
	Args        bool // CNI_ARGS and args.cni are read

	MaxDelay tc.Time // of a packet: delay, jitter and slots together (dist.Longest)
	MinRate  tc.Rate // 0: none
	MaxRate  tc.Rate // 0: none; also of what asks for no rate
	MaxQueue tc.Size // of a queue, given or computed
	MaxRules uint32  // in one direction

	// Impairments lists what may be asked for, by the names of
	// impairmentGroups; nil: all.
	Impairments []string
	OnInvalid   OnInvalid
}

// OnInvalid says what becomes of a container whose bad value is not the
// administrator's.
type OnInvalid string

// A container fails to start, or starts unshaped.
const (
	OnInvalidFail   OnInvalid = "fail"
	OnInvalidIgnore OnInvalid = "ignore"
)

// DefaultPolicy is what holds where the conflist says nothing.
func DefaultPolicy() Policy {
	return Policy{
		Annotations: true, Args: true,
		MaxDelay: 10 * tc.Second, MaxQueue: 64 * tc.MB, MaxRules: 1024,
		OnInvalid: OnInvalidFail,
	}
}

// policyFields is the object form.
var policyFields = [...]struct {
	key string
	at  func(*Policy) any
	bounds
}{
	{key: "annotations", at: func(p *Policy) any { return &p.Annotations }},
	{key: "args", at: func(p *Policy) any { return &p.Args }},
	{key: "maxDelay", at: func(p *Policy) any { return &p.MaxDelay }},
	{key: "minRate", at: func(p *Policy) any { return &p.MinRate }},
	{key: "maxRate", at: func(p *Policy) any { return &p.MaxRate }},
	{key: "maxQueue", at: func(p *Policy) any { return &p.MaxQueue }, bounds: bounds{1, maxUint32}},
	{key: "maxRules", at: func(p *Policy) any { return &p.MaxRules }, bounds: bounds{0, 65535}},
	{key: "impairments", at: func(p *Policy) any { return &p.Impairments }},
	{key: "onInvalid", at: func(p *Policy) any { return &p.OnInvalid }},
}

func policyKeys() []string {
	var keys []string
	for _, f := range policyFields {
		keys = append(keys, f.key)
	}
	return keys
}

func (r *reader) policy(p *Policy, v value) error {
	err := r.object(v, policyKeys, func(key string, v value) (bool, error) {
		for _, f := range policyFields {
			if f.key != key {
				continue
			}
			switch at := f.at(p).(type) {
			case *[]string:
				return true, r.groups(at, v)
			case *OnInvalid:
				s, err := oneOf(v, string(OnInvalidFail), string(OnInvalidIgnore))
				*at = OnInvalid(s)
				return true, err
			default:
				return true, scalar(at, f.bounds, v)
			}
		}
		return false, nil
	})
	if err == nil && p.MaxRate != 0 && p.MaxRate < p.MinRate {
		err = r.in("maxRate", func() error { return fmt.Errorf("%v is below minRate, %v", p.MaxRate, p.MinRate) })
	}
	return err
}

// groups reads the list of impairments that may be asked for.
func (r *reader) groups(list *[]string, v value) error {
	if v[0] != '[' {
		return fmt.Errorf("want a list of strings, got %s", v.what())
	}
	*list = []string{}
	for i, e := range v.elements() {
		err := r.in(fmt.Sprintf("[%d]", i), func() error {
			s, err := oneOf(e, impairmentGroups()...)
			*list = append(*list, s)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// oneOf reads a string that is one of names.
func oneOf(v value, names ...string) (string, error) {
	s, ok := v.text()
	if !ok {
		return "", fmt.Errorf("want a string, got %s", v.what())
	}
	if !slices.Contains(names, s) {
		return "", fmt.Errorf("%q is not one of %s", s, strings.Join(names, ", "))
	}
	return s, nil
}
