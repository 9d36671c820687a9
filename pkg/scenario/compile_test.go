// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"os"
	"testing"
	"testing/fstest"

	"tcni.dev/conf"
	"tcni.dev/pkg/edit"
)

// TestWrong holds that what a scenario says wrong, or cannot say, is told with
// its step and key.
func TestWrong(t *testing.T) {
	profiles, err := edit.Load(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	env := Env{Files: fstest.MapFS{"t.csv": {Data: []byte("time,rate\n0,1mbit\n")}, "e.csv": {Data: []byte("# hello\n")}}, Profiles: profiles}
	for text, want := range map[string]string{
		`steps: [{for: 1s}, {nam: x}]`:                 `scenario: steps[1]: unknown key "nam": did you mean "name"?`,
		`steps: [{duration: 1s}]`:                      `scenario: steps[0]: unknown key "duration": did you mean "for"?`,
		`steps: [{egres: none}]`:                       `scenario: steps[0]: unknown key "egres": did you mean "egress"?`,
		`steps: [{zzz: none}]`:                         `scenario: steps[0]: unknown key "zzz": want one of both, clear, egress, every, for, goto, ingress, name, profile, ramp, repeat, rule, steps, target, trace`,
		`steps: [{for: 1s}, {steps: [{}, {for: 10}]}]`: `scenario: steps[1].steps[1]: for: 10 is not a time: want a string with a unit (10s, 100ms)`,
		`steps: [{ramp: fast}]`:                        `scenario: steps[0]: ramp: "fast" is not a time: want a number and a unit (10s, 100ms, 1m30s)`,
		`steps: [{trace: {egres: x}}]`:                 `scenario: steps[0]: trace: unknown key "egres": did you mean "egress"?`,
		`steps: [{Trace: {egres: x}}]`:                 `scenario: steps[0]: Trace: unknown key "egres": did you mean "egress"?`,
		`steps: [{trace: {duration: 1s}}]`:             `scenario: steps[0]: trace: unknown key "duration": want one of egress, ingress, window`,
		`steps: [{trace: x.csv}]`:                      `scenario: steps[0]: trace: want keys with values, got string`,
		`steps: [{rule: 5}]`:                           `scenario: steps[0]: rule: want text, got number`,
		`steps: [{clear: 1}]`:                          `scenario: steps[0]: clear: want true or false, got number`,
		`steps: [{repeat: 1.5}]`:                       `scenario: steps[0]: repeat: want a whole number, got number 1.5`,
		`steps: [{egress: ""}]`:                        `scenario: steps[0]: egress: is empty: want words of tc-netem(8), an object, or none`,
		`steps: [5]`:                                   `scenario: steps[0]: want keys with values, got 5`,
		`steps: 5`:                                     `scenario: steps: want a list of steps`,
		`{targets: {web: 5}, steps: [{}]}`:             `scenario: targets: want a name or a list of names`,
		`step: []`:                                     `scenario: unknown key "step": did you mean "steps"?`,
		`steps: [{steps: [{egress: dely 1ms}]}]`:       `steps[0].steps[0]: egress: unknown word "dely": did you mean "delay"?`,
		`steps: [{trace: {egress: e.csv}}]`:            `steps[0]: trace: e.csv: there is no line of titles (time,rate,delay,loss)`,
		`steps: [{repeat: 2}]`:                         `steps[0]: repeat: want a number above 0, and steps`,
		`steps: [{ramp: 1s, trace: {egress: t.csv}, egress: delay 1ms}]`:    `steps[0]: ramp: a trace has times of its own: put the ramp into a step before it`,
		`steps: [{every: 1s, egress: delay 1ms}]`:                           `steps[0]: every: is between the steps of a ramp, and there is none`,
		`steps: [{rule: a, clear: true}]`:                                   `steps[0]: rule: what of it? (egress, ingress, both, profile or trace)`,
		`{targets: {a: b}, steps: [{target: a, steps: [{clear: true}]}]}`:   `steps[0]: target: what of it? (egress, ingress, both, profile, trace or clear); steps within a step name their own`,
		`steps: [{for: 1s, trace: {ingress: t.csv}, egress: rate 1}]`:       `steps[0]: egress: rate: 1 is outside 8bit..10tbit`,
		`steps: [{repeat: 9, steps: [{repeat: 9, steps: [{}]}]}]`:           `steps[0].steps[0]: repeat: of nothing: its steps take no time and change nothing`,
		`steps: [{name: a}, {name: a}]`:                                     `steps[1]: the name "a" is taken`,
		`steps: [{ramp: 1s, every: 10ms, clear: true}, {egress: {"a": 1}}]`: `steps[1]: egress: unknown key "a": want one of`,
	} {
		s, err := Parse([]byte(text))
		if err == nil {
			_, err = s.Compile(env)
		}
		if got := errorText(err); len(got) < len(want) || got[:len(want)] != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestExample holds that the example compiles without a warning, and rides on for ever.
func TestExample(t *testing.T) {
	data, err := os.ReadFile("../../conf/examples/subway.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	program, err := s.Compile(Env{Profiles: conf.Profiles()})
	if err != nil || len(program.Warnings) > 0 {
		t.Fatal(err, program.Warnings)
	}
	rides := 0
	for e, err := range program.Events() {
		if err != nil || e.Step == "end" {
			t.Fatalf("%v at %v: %v", e.Step, e.At, err)
		}
		if e.Step == s.Steps[0].Name {
			rides++
		}
		if rides == 3 {
			break
		}
	}
	if err := program.Try([]Role{&fake{name: "web", base: base(t)}}, nil); err != nil {
		t.Error(err)
	}
}

func errorText(err error) string {
	if err == nil {
		return "no error"
	}
	return err.Error()
}

// TestTry holds that what a target lacks is found before anything is played, also
// where it lacks it the second time only, and that an end is found in any case.
func TestTry(t *testing.T) {
	for text, want := range map[string]string{
		`[{for: 1h, egress: delay 1ms}, {rule: payments, egress: loss 1%}]`:                        `no error`,
		`[{for: 1h, egress: delay 1ms}, {name: b, rule: nobody, egress: loss 1%}]`:                 `b: pod web: egress: no rule is called "nobody": there are payments`,
		`[{name: a, for: 1s, rule: payments, egress: loss 1%}, {egress: {delay: 1ms}}, {goto: a}]`: `a: pod web: egress: no rule is called "payments": there are none with a name`,
		`[{repeat: 9, steps: [{name: b, rule: payments, egress: none}, {egress: {delay: 1ms}}]}]`:  `b: pod web: egress: no rule is called "payments": there are none with a name`,
		`[{name: a, for: 1ms, egress: delay 1ms}, {for: 1ms, egress: delay 2ms}, {goto: a}]`:       `no error`,
		`[{ramp: 999h, every: 1ms, egress: delay 1ms}, {name: b, rule: nobody, egress: loss 1%}]`:  `b: pod web: egress: no rule is called "nobody": there are payments`,
		`[{name: a, egress: delay 1ms}, {goto: a}]`:                                                `goto a: leads there again without time going by`,
		`[{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{repeat: 9, steps: [{for: 1s}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]}]`: `no error`,
		`[{repeat: 2000000000, steps: [{repeat: 2000000000, steps: [{for: 1s, both: delay 1ms}]}]}]`: `no error`,
	} {
		s, err := Parse([]byte(`{steps: ` + text + `}`))
		if err != nil {
			t.Fatal(err)
		}
		program, err := s.Compile(Env{})
		if err != nil {
			t.Fatal(err)
		}
		web := &fake{name: "web", base: base(t)}
		if got := errorText(program.Try([]Role{web}, nil)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
		if len(web.seen) > 0 || web.base.Egress.Words() != "rate 20mbit" {
			t.Errorf("%s: played: %v", text, web.seen)
		}
	}
}
