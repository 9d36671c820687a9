// SPDX-License-Identifier: Apache-2.0

package edit

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tcni.dev/conf"
	"tcni.dev/pkg/plan"
)

const before = `{"egress":{"rate":"20mbit","rules":[{"name":"a","match":{"port":1},"rate":"1mbit"}]},"ingress":{"delay":"10ms"}}`

func TestEdit(t *testing.T) {
	for _, c := range []struct{ request, rule, want string }{
		{"egress rate 5mbit", "", `{"egress":{"rate":"5mbit","rules":[{"name":"a","match":{"port":1},"rate":"1mbit"}]},"ingress":{"delay":"10ms"}}`},
		{"egress delay 1ms", "a", `{"egress":{"rate":"20mbit","rules":[{"name":"a","match":{"port":1},"delay":"1ms"}]},"ingress":{"delay":"10ms"}}`},
		{"egress none ingress none", "", `{"egress":{"rules":[{"name":"a","match":{"port":1},"rate":"1mbit"}]}}`},
		{`egress {"delay": "1ms"}`, "", `{"egress":{"delay":"1ms"},"ingress":{"delay":"10ms"}}`},
		{`egress {"delay": "1ms"}`, "a", `{"egress":{"rate":"20mbit","rules":[{"name":"a","match":{"port":1},"delay":"1ms"}]},"ingress":{"delay":"10ms"}}`},
		{"profile dsl", "", `{"egress":{"rate":"384kbit","delay":"25ms","rules":[{"name":"a","match":{"port":1},"rate":"1mbit"}]},"ingress":{"rate":"1.5mbit","delay":"25ms"}}`},
		{"both loss 1%", "", `{"egress":{"loss":"1%","rules":[{"name":"a","match":{"port":1},"rate":"1mbit"}]},"ingress":{"loss":"1%"}}`},

		// Objects of several lines, in one piece with the direction or beside others.
		{"egress rate: 5mbit\nrules:\n- match: {port: 22}\n", "", `{"egress":{"rate":"5mbit","rules":[{"match":{"port":22}}]},"ingress":{"delay":"10ms"}}`},
		{"egress # slow\nrules:\n- name: egress\n  match: {port: 22}\n  rate: 1mbit\n\ningress none", "", `{"egress":{"rules":[{"name":"egress","match":{"port":22},"rate":"1mbit"}]}}`},
		{"egress {\n \"netem\": \"delay  1ms\"\n} ingress delay: 2ms", "", `{"egress":{"delay":"1ms"},"ingress":{"delay":"2ms"}}`},
		{"egress delay\n1ms\ningress {\"delay\": \"2ms\"}", "", `{"egress":{"delay":"1ms","rules":[{"name":"a","match":{"port":1},"rate":"1mbit"}]},"ingress":{"delay":"2ms"}}`},
		{`egress {"rules": [{"name": "a  b"}]}`, "", `error: egress: rules[0].name: "a  b" is not a name: want 1..63 of A-Z a-z 0-9 . _ -`},

		{"", "", "error: no direction: want egress, ingress, both or profile"},
		{"delay 1ms", "", `error: "delay" is no direction: want egress, ingress, both or profile`},
		{"foo", "", `error: "foo" is no direction: want egress, ingress, both or profile`},
		{"egress", "", "error: egress: what? (egress delay 100ms loss 1%)"},
		{"egress profile 3g", "", "error: egress: a profile is of both directions: write profile 3g alone"},
		{"egress 3g", "", `error: egress: "3g" is a profile: give profile 3g in the direction's place`},
		{"both off", "", `error: egress: unknown word "off": write "none"`},
		{"profile", "", "error: profile: what? (profile 3g)"},
		{"egress dely 1ms", "", `error: egress: unknown word "dely": did you mean "delay"?`},
		{"profile nonesuch", "", `error: no profile is called "nonesuch": there are `},
		{"ingress delay 1ms", "a", `error: ingress: no rule is called "a": there are none with a name; it is a rule of egress`},
		{"egress delay 1ms", "b", `error: egress: no rule is called "b": there are a`},
		{`egress {"rules": [{"delay": "1ms", "match": {"port": 1}}]}`, "a", "error: egress: rule a: a rule has no rules of its own"},
	} {
		if got := run(t, c.request, c.rule); got != c.want && (!strings.HasPrefix(c.want, "error") || !strings.HasPrefix(got, c.want)) {
			t.Errorf("%q, rule %q:\n got %s\nwant %s", c.request, c.rule, got, c.want)
		}
	}
}

// TestRulesStay holds that rules outlive that nothing is done, when nothing is made
// for them.
func TestRulesStay(t *testing.T) {
	d, _, err := conf.ParseDirection(`{"rate": "20mbit", "rules": [{"name": "dns", "match": {"port": 53}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	s := conf.Shape{Egress: d, Placement: conf.PlaceContainer}
	for _, c := range []struct {
		value string
		trees int
	}{{"none", 0}, {"rate 5mbit", 1}, {`{"rules": [{"name": "dns", "match": {"port": 53}}]}`, 0}, {"delay 1ms", 1}} {
		change, _, err := Compile(Change{Egress, "", c.value})
		if err != nil {
			t.Fatal(err)
		}
		if s, err = change(s); err != nil || s.Egress == nil || len(s.Egress.Rules) != 1 {
			t.Fatalf("%s: %v, %v: the rule is gone", c.value, s.Egress, err)
		}
		made, err := plan.Build(s, plan.Facts{Container: plan.Device{Name: "eth0", MTU: 1500}})
		if err != nil || len(made.Trees) != c.trees {
			t.Errorf("%s: %d trees, %v: want %d", c.value, len(made.Trees), err, c.trees)
		}
	}
}

func run(t *testing.T, request, rule string) string {
	t.Helper()
	profiles, err := Load(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var s conf.Shape
	if err := json.Unmarshal([]byte(before), &s); err != nil {
		t.Fatal(err)
	}
	changes, err := Parse([]string{request}, rule, profiles)
	if err != nil {
		return "error: " + err.Error()
	}
	for _, pieces := range [][]string{strings.SplitN(request, " ", 2), strings.Fields(request)} {
		if len(pieces) > 2 && strings.ContainsAny(request, "\n{") {
			continue // its white space means something
		}
		if apart, err := Parse(pieces, rule, profiles); err != nil || !slices.Equal(apart, changes) {
			t.Errorf("%q: in pieces: %v, %v", pieces, apart, err)
		}
	}
	change, _, err := Compile(changes...)
	if err != nil {
		return "error: " + err.Error()
	}
	after, err := change(s)
	if err != nil {
		return "error: " + err.Error()
	}
	if now, _ := json.Marshal(s); string(now) != before {
		t.Errorf("%q changed its argument: %s", request, now)
	}
	data, err := json.Marshal(after)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
