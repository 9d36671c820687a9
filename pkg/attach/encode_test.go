// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tcni.dev/conf"
)

// TestEncode: what is printed here is what package json prints, field by field,
// so that none that is added to Record can be forgotten.
func TestEncode(t *testing.T) {
	egress, _, err := conf.ParseDirection(`{"rate":"10mbit","delay":"5ms","rules":[{"name":"a","match":{"port":[1,"2-3"]},"loss":"1%"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	full := Record{
		Identity: Identity{"net", "c1", "eth0"}, Netns: "/run/netns/\"x\"\\ <é>\x01\xff", Pod: conf.Pod{Namespace: "n", Name: "p", UID: "u"},
		HostLink: "veth0", Placement: conf.PlaceHost, Exempt: true, Egress: egress, Ingress: egress,
		Sources:  conf.Sources{Egress: "conflist net", EgressRate: "a", Ingress: "b", IngressRate: "c"},
		MaxQueue: 1 << 40, Classifier: conf.ClassifierBPF, Addrs: []netip.Prefix{netip.MustParsePrefix("10.0.0.5/24")},
	}
	wantEncoded(t, full)
	wantEncoded(t, Record{})
	empty := reflect.New(reflect.TypeFor[Record]()).Elem()
	for i := range empty.NumField() {
		one := reflect.New(empty.Type()).Elem()
		one.Field(i).Set(reflect.ValueOf(full).Field(i))
		wantEncoded(t, one.Interface().(Record))
		if name := empty.Type().Field(i).Name; name != "Override" && name != "Companion" && name != "Version" && reflect.ValueOf(full).Field(i).IsZero() {
			t.Errorf("the test knows no %s", name)
		}
	}
	wantEncoded(t, Record{Override: &Override{ID: "x", Egress: egress}})
	wantEncoded(t, Record{Companion: true})
}

func wantEncoded(t *testing.T, rec Record) {
	t.Helper()
	got, err := rec.encode()
	if err != nil {
		t.Fatal(err)
	}
	rec.Version = recordVersion
	want, err := json.Marshal(rec)
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if err := json.Unmarshal(got, &a); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	if err := json.Unmarshal(want, &b); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(b, a); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
