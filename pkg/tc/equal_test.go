// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"reflect"
	"testing"
)

// Equal compares these with ==, which panics where a field cannot be compared.
func TestComparable(t *testing.T) {
	for _, v := range []any{Qdisc{}, Class{}, Link{}, HTB{}, TBF{}, FIFO{}, Netem{}, Clsact{}, Other{}, BPF{}} {
		if typ := reflect.TypeOf(v); !typ.Comparable() {
			t.Errorf("%v cannot be compared", typ)
		}
	}
}

// TestEqualU32 changes every field of a filter, of a node and of a key in turn.
func TestEqualU32(t *testing.T) {
	make := func() Filter {
		return Filter{Parent: HandleIngress, Preference: SlotSize, Protocol: ProtoIP, Spec: U32{Nodes: []U32Node{
			{FlowID: 1, Keys: []U32Key{{Value: 1, Mask: 3, At: 4}}, Redirect: &Redirect{"ifb0"}},
		}}}
	}
	if !Equal(make(), make()) {
		t.Error("a filter differs from itself")
	}
	at := func(f *Filter) *U32Node { return &f.Spec.(U32).Nodes[0] }
	for name, part := range map[string]func(*Filter) any{
		"filter":   func(f *Filter) any { return f },
		"node":     func(f *Filter) any { return at(f) },
		"key":      func(f *Filter) any { return &at(f).Keys[0] },
		"redirect": func(f *Filter) any { return at(f).Redirect },
	} {
		shape := make()
		for i := range reflect.TypeOf(part(&shape)).Elem().NumField() {
			changed := make()
			field := reflect.ValueOf(part(&changed)).Elem().Field(i)
			change(t, field)
			if Equal(make(), changed) || Equal(changed, make()) {
				t.Errorf("%s: field %d does not count: %+v", name, i, changed)
			}
		}
	}
}

// change gives a field another value.
func change(t *testing.T, field reflect.Value) {
	t.Helper()
	switch field.Kind() {
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		field.SetUint(field.Uint() + 2*SlotSize%(1<<(8*field.Type().Size())))
	case reflect.Int, reflect.Int16, reflect.Int32:
		field.SetInt(field.Int() + 1)
	case reflect.Bool:
		field.SetBool(!field.Bool())
	case reflect.String:
		field.SetString(field.String() + "1")
	case reflect.Interface:
		field.Set(reflect.ValueOf(BPF{Name: "flower"}))
	case reflect.Slice, reflect.Pointer:
		field.SetZero()
	default:
		t.Fatalf("a field of kind %v", field.Kind())
	}
}
