// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"encoding/json"
	"slices"
	"testing"

	"tcni.dev/pkg/tc"
)

// forms are impairments in words, as words print them, and as objects print
// them.
var forms = []struct{ in, words, object string }{
	{"none", "none", `{}`},
	{"delay 0ms loss 0%", "none", `{}`},
	{"delay 100ms", "delay 100ms", `{"delay":"100ms"}`},
	{"latency 0.1s 10ms 25%", "delay 100ms 10ms 25%", `{"delay":"100ms","jitter":"10ms","delayCorrelation":"25%"}`},
	{"delay 1us 1ns distribution normal", "delay 1us 1ns distribution normal", `{"delay":"1us","jitter":"1ns","distribution":"normal"}`},
	{"delay 10ms 1ms distribution uniform", "delay 10ms 1ms", `{"delay":"10ms","jitter":"1ms"}`},
	{"delay 10ms 1ms keeporder", "keeporder yes delay 10ms 1ms", `{"delay":"10ms","jitter":"1ms","keepOrder":true}`},
	{"keeporder no delay 10ms 1ms", "keeporder no delay 10ms 1ms", `{"delay":"10ms","jitter":"1ms","keepOrder":false}`},
	{"drop 1", "loss 1%", `{"loss":"1%"}`},
	{"loss random 0.5%", "loss 0.5%", `{"loss":"0.5%"}`},
	{"loss 1% burst 10", "loss gemodel 0.1010101% 10% 100% 0%", `{"loss":"gemodel 0.1010101% 10% 100% 0%"}`},
	{"loss 50% burst 1", "loss gemodel 100% 100% 100% 0%", `{"loss":"gemodel 100% 100% 100% 0%"}`},
	{"loss 20% burst 2.5", "loss gemodel 10% 40% 100% 0%", `{"loss":"gemodel 10% 40% 100% 0%"}`},
	{"loss 0% burst 10", "none", `{}`},
	{"loss 0% 25%", "none", `{}`},
	{"loss 10% 50%", "loss gemodel 5% 45% 100% 0%", `{"loss":"gemodel 5% 45% 100% 0%"}`},
	{"loss 100% 50%", "loss 100%", `{"loss":"100%"}`},
	{"loss gemodel 1% 10%", "loss gemodel 1% 10% 100% 0%", `{"loss":"gemodel 1% 10% 100% 0%"}`},
	{"loss state 1%", "loss state 1% 99% 0% 100% 0%", `{"loss":"state 1% 99% 0% 100% 0%"}`},
	{"loss 1% ecn", "loss 1% ecn", `{"loss":"1%","ecn":true}`},
	{"duplicate 1% 5% corrupt 0.1% 10%", "duplicate 1% 5% corrupt 0.1% 10%", `{"duplicate":"1%","duplicateCorrelation":"5%","corrupt":"0.1%","corruptCorrelation":"10%"}`},
	{"delay 10ms reorder 25% 50% gap 5", "delay 10ms reorder 25% 50% gap 5", `{"delay":"10ms","reorder":"25%","reorderCorrelation":"50%","gap":5}`},
	{"delay 10ms reorder 25%", "delay 10ms reorder 25% gap 1", `{"delay":"10ms","reorder":"25%","gap":1}`},
	{"rate 20mbit 14 64 5", "rate 20mbit overhead 14 cellsize 64 celloverhead 5", `{"rate":"20mbit","overhead":14,"cellSize":64,"cellOverhead":5}`},
	{"rate 20mbit 14 48 5", "rate 20mbit overhead 14 linklayer atm", `{"rate":"20mbit","overhead":14,"linkLayer":"atm"}`},
	{"rate 20mbit 0 48 5 mpu 64 burst 15kb", "rate 20mbit burst 15kb mpu 64 linklayer atm", `{"rate":"20mbit","burst":"15kb","mpu":64,"linkLayer":"atm"}`},
	{"rate 20mbit -10 48 5", "rate 20mbit overhead -10 cellsize 48 celloverhead 5", `{"rate":"20mbit","overhead":-10,"cellSize":48,"cellOverhead":5}`},
	{"rate 20mbit -14", "rate 20mbit overhead -14", `{"rate":"20mbit","overhead":-14}`},
	{"rate 2500kbps ceil 1gbit burst 15kb", "rate 20mbit ceil 1gbit burst 15kb", `{"rate":"20mbit","ceil":"1gbit","burst":"15kb"}`},
	{"rate 2000 buffer 64kb", "rate 2kbit buffer 64kb", `{"rate":"2kbit","buffer":"64kb"}`},
	{"rate 1mbit buffer 200msec", "rate 1mbit buffer 200ms", `{"rate":"1mbit","buffer":"200ms"}`},
	{"rate 1mbit mpu 64 linklayer adsl overhead 14", "rate 1mbit overhead 14 mpu 64 linklayer atm", `{"rate":"1mbit","overhead":14,"mpu":64,"linkLayer":"atm"}`},
	{"slot 5ms", "slot 5ms 5ms", `{"slot":"5ms 5ms"}`},
	{"slot 5ms 10ms packets 3 bytes 9", "slot 5ms 10ms packets 3 bytes 9", `{"slot":"5ms 10ms packets 3 bytes 9"}`},
	{"slot distribution pareto 1ms 2ms", "slot distribution pareto 1ms 2ms", `{"slot":"distribution pareto 1ms 2ms"}`},
	{"limit 10000 seed 0", "limit 10000 seed 0", `{"limit":10000,"seed":0}`},
	{"seed 18446744073709551615", "seed 18446744073709551615", `{"seed":18446744073709551615}`},
	{"  delay\n5ms\t", "delay 5ms", `{"delay":"5ms"}`},
}

func TestForms(t *testing.T) {
	for _, f := range forms {
		imp, _, err := ParseWords(f.in)
		if err != nil {
			t.Errorf("%s: %v", f.in, err)
			continue
		}
		object, err := json.Marshal(imp)
		if err != nil {
			t.Errorf("%s: %v", f.in, err)
		}
		if imp.Words() != f.words || string(object) != f.object {
			t.Errorf("%s:\n got %s  %s\nwant %s  %s", f.in, imp.Words(), object, f.words, f.object)
		}
		for _, again := range []string{f.words, f.object} {
			if d, _, err := ParseDirection(again); err != nil || d.Impairment != imp {
				t.Errorf("%s: %s reads back as %+v, %v", f.in, again, d, err)
			}
		}
	}
}

// TestObjectForms holds objects to the words that say the same.
func TestObjectForms(t *testing.T) {
	for in, want := range map[string]string{
		`{"loss": {"percent": "1%"}}`:                                          "loss 1%",
		`{"loss": {"percent": "1%", "burst": 10}}`:                             "loss 1% burst 10",
		`{"loss": "1% burst 10"}`:                                              "loss 1% burst 10",
		`{"loss": {"correlation": "50%", "percent": "10%"}}`:                   "loss 10% 50%",
		`{"slot": {"min": "5ms"}}`:                                             "slot 5ms",
		`{"slot": {"min": "5ms", "max": "9ms", "packets": 1, "bytes": 2}}`:     "slot 5ms 9ms packets 1 bytes 2",
		`{"slot": {"distribution": "normal", "delay": "1ms", "jitter":"2ms"}}`: "slot distribution normal 1ms 2ms",
		`{"netem": "delay 5ms", "rules": []}`:                                  "delay 5ms",
		`"delay 5ms"`:                                                          "delay 5ms",
		`{delay: 5ms, loss: 1%}`:                                               "delay 5ms loss 1%",
		"delay: 5ms\nloss: 1%\n":                                               "delay 5ms loss 1%",
		"netem: >\n  delay 5ms\n  loss 1%\n":                                   "delay 5ms loss 1%",
	} {
		d, _, err := ParseDirection(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		w, _, err := ParseWords(want)
		if err != nil || d.Impairment != w {
			t.Errorf("%s: got %s, want %s (%v)", in, d.Words(), want, err)
		}
	}
}

// TestRulesPrint holds the printed form of rules, which reads back.
func TestRulesPrint(t *testing.T) {
	const in = `{"netem":"delay 1ms","rules":[
		{"name":"a","match":{"dscp":["EF",1,"af41"],"protocol":["TCP",17,"icmpv6",47],"cidr":["10.0.5.7","2001:DB8::/32"]},"netem":"loss 1%"},
		{"match":{"port":["80",443,"8000-8100","9-9"],"localPort":"22"},"delay":"5ms"},
		{"name":"rest"}]}`
	const want = `{"delay":"1ms","rules":[` +
		`{"name":"a","match":{"cidr":["10.0.5.7/32","2001:db8::/32"],"protocol":["tcp","udp","icmpv6",47],"dscp":[46,1,34]},"loss":"1%"},` +
		`{"match":{"port":[80,443,"8000-8100",9],"localPort":22},"delay":"5ms"},` +
		`{"name":"rest"}]}`
	d, _, err := ParseDirection(in)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(Shape{Egress: d})
	if err != nil || string(got) != `{"egress":`+want+`}` {
		t.Errorf("got  %s (%v)\nwant %s", got, err, want)
	}
	if got, err := json.Marshal(d.Rules[1].Match); err != nil || string(got) != `{"port":[80,443,"8000-8100",9],"localPort":22}` {
		t.Errorf("match: %s, %v", got, err)
	}
	if got, err := json.Marshal(d.Rules[2]); err != nil || string(got) != `{"name":"rest"}` {
		t.Errorf("rule: %s, %v", got, err)
	}
}

// TestParamsCoverNetem: what package tc reads, this package has a name for.
func TestParamsCoverNetem(t *testing.T) {
	for _, word := range tc.NetemWords() {
		if paramByWord(word) < 0 {
			t.Errorf("%q of tc-netem(8) has no line in params", word)
		}
	}
	for i := range params {
		if p := &params[i]; p.needs != "" && paramByKey(p.needs) == nil {
			t.Errorf("%s needs %s, which is no key", p.key, p.needs)
		}
	}
	for _, c := range checks {
		if paramByKey(c.key) == nil {
			t.Errorf("a check is of %s, which is no key", c.key)
		}
	}
}

// TestProfilesHold: every profile reads, within the default policy, and has a
// source.
func TestProfilesHold(t *testing.T) {
	var names []string
	for _, p := range Profiles() {
		c, err := Parse(entry("", annotate("tcni.dev/profile", p.Name)), Env{})
		if err != nil || len(c.Warnings) != 0 {
			t.Errorf("%s: %v %v", p.Name, err, c)
		}
		if p.Source == "" || p.Title == "" || !isName(p.Name) || slices.Contains(names, p.Name) {
			t.Errorf("%+v lacks something", p)
		}
		names = append(names, p.Name)
	}
}
