// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestParseIdentity(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Identity
		err  string
	}{
		{`{"cniVersion":"1.1.0","name":"net","type":"tcni","placement":"host","egress":"garbage","egress":5,"what":[]}`,
			Identity{CNIVersion: "1.1.0", Name: "net", Type: "tcni", Placement: PlaceHost}, ""},
		{`{"name":"net","placement":{"x":1},"prevResult":null,"policy":7,"runtimeConfig":[1]}`, Identity{Name: "net"}, ""},
		{`{"name":"net","placement":"moon","cniVersion":5}`, Identity{Name: "net"}, ""},
		{`{"name":"net","prevResult":{ "a" : 1 }}`, Identity{Name: "net", PrevResult: json.RawMessage(`{ "a" : 1 }`)}, ""},
		{`{"name":"net","cni.dev/valid-attachments":null}`, Identity{Name: "net", ValidAttachments: json.RawMessage("null")}, ""},
		{`{"name":"net","cni.dev/valid-attachments":[]}`, Identity{Name: "net", ValidAttachments: json.RawMessage("[]")}, ""},
		{`{"name":"net","cni.dev/valid-attachments":[ {"containerID":"a","ifname":"eth0"} ]}`,
			Identity{Name: "net", ValidAttachments: json.RawMessage(`[ {"containerID":"a","ifname":"eth0"} ]`)}, ""},
		{`{"name":"net","target":"eth0","delegate":{ "type":5 }}`, Identity{Name: "net", Target: "eth0", Delegate: json.RawMessage(`{ "type":5 }`)}, ""},
		{`{"name":"net","target":"a/b","delegate":null}`, Identity{Name: "net"}, ""},
		{`{"type":"tcni"}`, Identity{Type: "tcni"}, "conflist: name: is missing"},
		{`"net"`, Identity{}, "conflist: want an object, got a string"},
		{`{"name":"net"} x`, Identity{}, "conflist: not JSON: invalid character 'x' after top-level value at byte 16"},
	} {
		got, err := ParseIdentity([]byte(c.in))
		if message(err) != c.err || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %+v, %v\nwant %+v, %s", c.in, got, err, c.want, c.err)
		}
	}
}
