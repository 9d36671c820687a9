// SPDX-License-Identifier: Apache-2.0

package install

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const ours = `{"type": "tcni", "capabilities": {"bandwidth": true, "io.kubernetes.cri.pod-annotations": true}}`

// flannel is what that plugin writes, with a key that nobody knows and an order of its own.
const flannel = `{
  "name": "cbr0",
  "cniVersion": "0.3.1",
  "x-vendor": {"b": 1,   "a": 2e0},
  "plugins": [
    {
      "type": "flannel",
      "delegate": {"hairpinMode": true, "isDefaultGateway": true}
    },
    {
      "type": "portmap",
      "capabilities": {"portMappings": true}
    }
  ]
}
`

// TestEntry puts the entry into a list and takes it out again: the text is as before, to the byte.
func TestEntry(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"indented", flannel, strings.Replace(flannel, "\n    }\n  ]", "\n    },\n    "+ours+"\n  ]", 1)},
		{"one line", `{"cniVersion":"1.0.0","name":"n","plugins":[{"type":"a"}]}`,
			`{"cniVersion":"1.0.0","name":"n","plugins":[{"type":"a"},` + ours + `]}`},
		{"loose", `{"plugins" : [ {"type":"a"} , {"type":"b"} ] , "cniVersion":"1.0.0"}`,
			`{"plugins" : [ {"type":"a"} , {"type":"b"}, ` + ours + ` ] , "cniVersion":"1.0.0"}`},
		{"brackets in strings", `{"cniVersion":"1.0.0","plugins":[{"type":"a","x":"\"],[{\\"}]}`,
			`{"cniVersion":"1.0.0","plugins":[{"type":"a","x":"\"],[{\\"},` + ours + `]}`},
		{"bandwidth is taken", `{"cniVersion":"1.0.0","plugins":[{"type":"bandwidth","capabilities":{"bandwidth":true}}]}`,
			`{"cniVersion":"1.0.0","plugins":[{"type":"bandwidth","capabilities":{"bandwidth":true}},{"type": "tcni", "capabilities": {"io.kubernetes.cri.pod-annotations": true}}]}`},
		{"windows", "{\"cniVersion\":\"1.0.0\",\"plugins\":[\r\n\t{\"type\":\"a\"}\r\n]}\r\n",
			"{\"cniVersion\":\"1.0.0\",\"plugins\":[\r\n\t{\"type\":\"a\"},\r\n\t" + ours + "\r\n]}\r\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := entered(t, tc.text, Options{})
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
			if again := entered(t, got, Options{}); again != got {
				t.Errorf("a second time: %s", cmp.Diff(got, again))
			}
			l, err := parseList([]byte(got))
			if err != nil {
				t.Fatal(err)
			}
			back, err := l.without("tcni")
			if d := cmp.Diff(tc.text, string(back)); d != "" || err != nil {
				t.Errorf("taken out again: %v\n%s", err, d)
			}
		})
	}
}

func entered(t *testing.T, text string, o Options) string {
	t.Helper()
	l, err := parseList([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := l.with("tcni", o)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

// TestEntryThatIsThere is moved or replaced, or left alone.
func TestEntryThatIsThere(t *testing.T) {
	const mine = `{"type":"tcni","egress":"delay 5ms"}`
	list := func(plugins string) string { return `{"cniVersion":"1.0.0","plugins":[` + plugins + `]}` }
	for _, tc := range []struct{ name, text, entry, want string }{
		{"of the administrator", list(`{"type":"a"},` + mine), "", list(`{"type":"a"},` + mine)},
		{"not last", list(`{"type":"a"},` + mine + `,{"type":"b"}`), "", list(`{"type":"a"},{"type":"b"},` + mine)},
		{"first", list(mine + `, {"type":"b"}`), "", list(`{"type":"b"},` + mine)},
		{"twice", list(`{"type":"a"},` + mine + `,` + mine), "", list(`{"type":"a"},` + mine)},
		{"another", list(`{"type":"a"},` + mine), `{"type":"tcni"}`, list(`{"type":"a"},{"type":"tcni"}`)},
		{"equal", list(`{"type":"a"},` + mine), `{"egress": "delay 5ms", "type": "tcni"}`, list(`{"type":"a"},` + mine)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, entered(t, tc.text, Options{Entry: []byte(tc.entry)})); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSingleAsList(t *testing.T) {
	s, err := parseSingle([]byte("{\n  \"type\": \"bridge\", \"name\": \"n\",\n  \"cniVersion\": \"0.4.0\"\n}\n"))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "cniVersion": "0.4.0",
  "name": "n",
  "plugins": [
    {
  "type": "bridge", "name": "n",
  "cniVersion": "0.4.0"
}
  ]
}
`
	if d := cmp.Diff(want, string(s.list())); d != "" {
		t.Error(d)
	}
}
