// SPDX-License-Identifier: Apache-2.0

package api

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"tcni.dev/conf"
	"tcni.dev/pkg/view"
)

type schema struct {
	Required   []string
	Properties map[string]any
	AllOf      []schema
}

// TestDescribed holds that the description has the fields that are sent, also
// those that few kernels and moments bring forth, and says which are always there.
func TestDescribed(t *testing.T) {
	var doc struct {
		Components struct{ Schemas map[string]schema }
	}
	if err := yaml.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{
		view.Attachment{}, conf.Pod{}, view.Shape{}, conf.Sources{}, view.Override{}, view.Stats{}, view.Direction{},
		view.Class{}, view.Rule{}, view.Drops{}, view.Counts{}, view.Netem{}, view.Rates{},
	} {
		typ := reflect.TypeOf(v)
		s := doc.Components.Schemas[typ.Name()]
		if len(s.AllOf) > 0 { // the last one is what is not embedded
			s = s.AllOf[len(s.AllOf)-1]
		}
		var all []string
		for name := range s.Properties {
			all = append(all, name)
		}
		fields, always := sent(typ)
		slices.Sort(all)
		slices.Sort(s.Required)
		if diff := cmp.Diff(fields, all); diff != "" {
			t.Errorf("%s: %s", typ.Name(), diff)
		}
		if diff := cmp.Diff(always, s.Required); diff != "" {
			t.Errorf("%s: required: %s", typ.Name(), diff)
		}
	}
}

// sent lists a type's fields by their names in JSON, and those that are never
// left out.
func sent(typ reflect.Type) (all, always []string) {
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "trees" { // which only "tcnictl show" looks for
			continue
		}
		all = append(all, name)
		if options == "" {
			always = append(always, name)
		}
	}
	slices.Sort(all)
	slices.Sort(always)
	return all, always
}
