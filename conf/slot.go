// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"fmt"
	"strings"

	"tcni.dev/pkg/tc"
)

// slotFields is the object form of netem's slots.
var slotFields = [...]struct {
	key string
	at  func(*tc.Slot) any
	bounds
}{
	{key: "min", at: func(s *tc.Slot) any { return &s.Min }},
	{key: "max", at: func(s *tc.Slot) any { return &s.Max }},
	{key: "distribution", at: func(s *tc.Slot) any { return &s.Distribution }},
	{key: "delay", at: func(s *tc.Slot) any { return &s.Delay }},
	{key: "jitter", at: func(s *tc.Slot) any { return &s.Jitter }},
	{key: "packets", at: func(s *tc.Slot) any { return &s.Packets }, bounds: bounds{1, maxUint32}},
	{key: "bytes", at: func(s *tc.Slot) any { return &s.Bytes }, bounds: bounds{1, maxUint32}},
}

func slotKeys() []string {
	var keys []string
	for _, f := range slotFields {
		keys = append(keys, f.key)
	}
	return keys
}

// readSlot reads the object form: the string form's words, or an object.
func readSlot(r *reader, imp *Impairment, v value) error {
	slot := &imp.Netem.Slot
	if v[0] == '{' {
		return readSlotObject(r, slot, v)
	}
	s, err := quantity(slot, v)
	if err != nil {
		return err
	}
	w := tc.NewWords("slot " + s)
	if err := parseNetem(r, imp, w); err != nil {
		return err
	}
	if !w.Done() {
		return fmt.Errorf("%q is left over", w.Peek())
	}
	return nil
}

func readSlotObject(r *reader, slot *tc.Slot, v value) error {
	hasMax := false
	err := r.object(v, slotKeys, func(key string, v value) (bool, error) {
		hasMax = hasMax || key == "max"
		for _, f := range slotFields {
			if f.key == key {
				return true, scalar(f.at(slot), f.bounds, v)
			}
		}
		return false, nil
	})
	if !hasMax {
		slot.Max = slot.Min
	}
	return err
}

// checkSlot looks at what both forms gave, and adds the table that there is no
// computing.
func (r *reader) checkSlot(s *tc.Slot) (err error) {
	if err = checkSlotTimes(*s); err == nil && s.Distribution.Name == experimental {
		s.Distribution.Table, err = r.experimentalTable()
	}
	return err
}

func checkSlotTimes(s tc.Slot) error {
	own := s.Distribution.Name != ""
	switch {
	case s.Max < s.Min:
		return fmt.Errorf("max: %v is below min, %v", s.Max, s.Min)
	case own && !isNetemDistribution(s.Distribution.Name):
		return fmt.Errorf("distribution: %q is not one of %s", s.Distribution.Name, strings.Join(netemDistributions[1:], ", "))
	case own && s.Max != 0:
		return errors.New("min and max exclude a distribution: it has delay and jitter")
	case !own && (s.Delay != 0 || s.Jitter != 0):
		return errors.New("delay and jitter need a distribution")
	case s.Active() && s.Min|s.Max|s.Jitter == 0: // get_slot in net/sched/sch_netem.c
		return errors.New("the time between slots is 0s, and the kernel then has none: give min, or a jitter")
	}
	return checkJitter(s.Jitter)
}
