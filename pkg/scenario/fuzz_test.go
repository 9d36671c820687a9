// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"testing"
	"testing/fstest"
	"time"

	"tcni.dev/conf"
)

// FuzzParse: a scenario that is read can be rehearsed, its events come in order,
// and trying it comes to an end.
func FuzzParse(f *testing.F) {
	for _, in := range []string{
		"steps: [{for: 10s, both: rate 20mbit delay 30ms}, {ramp: 3s, every: 1s, both: none}]",
		"{targets: {web: a, db: [b, c]}, steps: [{name: x, target: web, rule: payments, egress: loss 1%}, {goto: x}]}",
		"steps: [{repeat: 3, steps: [{for: 1s, ingress: {delay: 5ms, rules: [{match: {port: 22}}]}}, {clear: true, ramp: 1s}]}]",
		"steps:\n- {for: 60s, trace: {ingress: down, egress: up.csv, window: 200ms}, rule: payments}\n",
	} {
		f.Add(in)
	}
	env := Env{Files: fstest.MapFS{"down": {Data: []byte("1\n2\n")}, "up.csv": {Data: []byte("time,loss\n0,1\n0.5,\n")}}}
	direction, _, err := conf.ParseDirection(`{"rate": "20mbit", "rules": [{"name": "payments", "match": {"port": 443}}]}`)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in string) {
		s, err := Parse([]byte(in))
		if err != nil {
			return
		}
		program, err := s.Compile(env)
		if err != nil {
			return
		}
		roles := []Role{&fake{name: "web", base: conf.Shape{Egress: direction}}, &fake{name: "db"}}
		names := map[string]Names{}
		for name := range program.Targets {
			names[name] = Names{"db"}
		}
		_ = program.Try(roles, names)
		last, n := time.Duration(0), 0
		for scene, err := range Rehearse(program.Events(), roles, names) {
			if n++; err != nil || n > 1000 {
				break
			}
			if scene.At < last {
				t.Fatalf("%q: %s at %v, after %v", in, scene.Step, scene.At, last)
			}
			last = scene.At
		}
	})
}
