// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"strings"
	"testing"
)

// TestProgramAtTheEndOfItsSlot: a program that a dump told is not made again.
func TestProgramAtTheEndOfItsSlot(t *testing.T) {
	program := func(pref uint16, name string) Tree {
		return Tree{Objects: []Object{Filter{Parent: MakeHandle(0x7c00, 0), Preference: pref, Protocol: ProtoAll, Spec: BPF{Name: name}}}}
	}
	for _, c := range []struct {
		pref uint16
		want string
	}{
		{5000, "add 5001 new, delete 5000 old"},
		{5998, "add 5999 new, delete 5998 old"},
		{5999, "add 5000 new, delete 5999 old"},
	} {
		ops, err := Diff(program(c.pref, "old"), program(5000, "new"), func(Object) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, op := range ops {
			f := op.Object.(Filter)
			got = append(got, fmt.Sprint(op.Verb, " ", f.Preference, " ", f.Spec.(BPF).Name))
		}
		if steps := strings.Join(got, ", "); steps != c.want {
			t.Errorf("from %d: got %s, want %s", c.pref, steps, c.want)
		}
	}
}
