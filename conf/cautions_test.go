// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"strings"
	"testing"
)

// TestIdleValues holds that what does nothing is warned of, and nothing else.
func TestIdleValues(t *testing.T) {
	for in, want := range map[string]string{
		"loss 0.00000001%":                             "loss: 0.00000001% is rounded to nothing",
		"duplicate 0.00000001% rate 1mbit":             "duplicate: 0.00000001% is rounded to nothing",
		"delay 0.1ns":                                  "delay: 0.1ns is rounded to nothing",
		`{"loss": "0.00000001%"}`:                      "loss: 0.00000001% is rounded to nothing",
		`{"rules": [{"corrupt": "0.00000001%"}]}`:      "rules[0].corrupt: 0.00000001% is rounded to nothing",
		"limit 1000":                                   "limit: does nothing without a delay, a loss or the like",
		"rate 1mbit limit 1000":                        "limit: does nothing without a delay, a loss or the like",
		"seed 1":                                       "seed: does nothing without a delay, a loss or the like",
		"delay 0ms loss 0% duplicate 0%":               "",
		"loss 0.0000001%":                              "",
		"delay 1ms limit 1000 seed 1":                  "",
		"rate 1mbit cellsize 48 limit 1000":            "",
		"rate 20mbit burst 32kbit latency 400ms":       `latency: is netem's delay here; tbf's latency is "buffer 400ms"`,
		"rate 20mbit burst 32kbit delay 400ms":         "",
		"rate 20mbit latency 400ms":                    "",
		"rate 1mbit burst 2kb buffer 9ms latency 40ms": "",
		`{"delay": "1ms", "loss": "state 0.00000001"}`: "",
	} {
		_, warnings, err := ParseDirection(in)
		if got := strings.Join(warnings, "\n"); err != nil || got != want {
			t.Errorf("%s:\n got %s, %v\nwant %s", in, got, err, want)
		}
	}
}

// TestWarningsAreLines holds that nobody can make a warning of their own.
func TestWarningsAreLines(t *testing.T) {
	c, err := Parse(entry(`"policy":{"args":false}`, ""), Env{Args: "TCNI_X\ntcni: warning: forged=1"})
	if err != nil || len(c.Warnings) != 1 || strings.Contains(c.Warnings[0], "\n") {
		t.Errorf("%q, %v", c.Warnings, err)
	}
}
