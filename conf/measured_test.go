// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tcni.dev/pkg/dist"
	"tcni.dev/pkg/tc"
)

// TestDelaySamples holds what is made of a list of times, and that it reads back.
func TestDelaySamples(t *testing.T) {
	for in, want := range map[string]string{
		`{"delaySamples": ["40ms", "60ms"]}`:                                              `{"delay":"50ms","jitter":"10ms","distribution":"measured","distributionTable":[-8192,8192]}`,
		`{"delaySamples": ["40ms", "60ms"], "delay": "20ms"}`:                             `{"delay":"20ms","jitter":"10ms","distribution":"measured","distributionTable":[-8192,8192]}`,
		`{"jitter": "1ms", "delaySamples": ["40ms", "60ms"]}`:                             `{"delay":"50ms","jitter":"1ms","distribution":"measured","distributionTable":[-8192,8192]}`,
		`{"delaySamples": ["60ms", "40ms"], "keepOrder": false, "loss": "1%"}`:            `{"delay":"50ms","jitter":"10ms","distribution":"measured","distributionTable":[-8192,8192],"keepOrder":false,"loss":"1%"}`,
		`{"delaySamples": ["5ms", "5ms"]}`:                                                `{"delay":"5ms"}`,
		`{"delaySamples": ["7us"]}`:                                                       `{"delay":"7us"}`,
		`{"delaySamples": ["1ms", "3ms"], "rules": [{"delaySamples": ["10ms", "30ms"]}]}`: `{"delay":"2ms","jitter":"1ms","distribution":"measured","distributionTable":[-8192,8192],"rules":[{"delay":"20ms","jitter":"10ms","distribution":"measured","distributionTable":[-8192,8192]}]}`,
		"delaySamples: [10ms, 10ms, 10ms, 10ms, 10ms, 10ms, 10ms, 10ms, 10ms, 1000ms]\n":  `{"delay":"109ms","jitter":"297ms","distribution":"measured","distributionTable":[-2731,-2731,-2731,-2731,-2731,-2731,-2731,-2731,-2731,24576]}`,
	} {
		d, warnings, err := ParseDirection(in)
		if err != nil || len(warnings) != 0 {
			t.Errorf("%s: %v %v", in, warnings, err)
			continue
		}
		got, err := json.Marshal(d)
		if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
			t.Errorf("%s: %v %s", in, err, diff)
		}
		again, _, err := ParseDirection(string(got))
		if diff := cmp.Diff(d, again); err != nil || diff != "" {
			t.Errorf("%s: %v %s", got, err, diff)
		}
	}
}

func TestDelaySamplesFile(t *testing.T) {
	files := map[string]string{
		"rtt":   "# ping, one way\n40ms 60ms\n\n40000us # the last\n60ms",
		"bare":  "40ms\n60\n",
		"wrong": "soon",
		"empty": "# nothing yet\n",
	}
	env := Env{Tables: func(name string) ([]byte, error) {
		text, ok := files[name]
		if !ok {
			return nil, os.ErrNotExist
		}
		return []byte(text), nil
	}}
	for file, want := range map[string]string{
		"rtt":   "",
		"bare":  "conflist net: egress.delaySamples: line 2: 60 has no unit: write 60ms",
		"wrong": `conflist net: egress.delaySamples: line 1: "soon" is not a time: want a number and s, ms, us or ns (100ms)`,
		"empty": "conflist net: egress.delaySamples: has no times: want 1..1048576",
		"none":  "conflist net: egress.delaySamples: file does not exist",
	} {
		c, err := Parse(entry(`"egress":{"delaySamples":"`+file+`"}`, ""), env)
		if message(err) != want {
			t.Errorf("%s:\n got %v\nwant %s", file, err, want)
		}
		if err != nil {
			continue
		}
		n := c.Egress.Netem
		if n.Delay != 50*tc.Millisecond || n.Jitter != 10*tc.Millisecond || len(dist.Samples(n.Distribution.Table)) != 4 {
			t.Errorf("%s: got %s", file, c.Egress.Words())
		}
	}
}

func TestWrongDelaySamples(t *testing.T) {
	for in, want := range map[string]string{
		`{"delaySamples": []}`:                                                 `delaySamples: has no times: want 1..1048576`,
		`{"delaySamples": {}}`:                                                 `delaySamples: want a list of times or the name of a file, got an object`,
		`{"delaySamples": ["1ms", 2]}`:                                         `delaySamples[1]: 2 has no unit: write "2ms"`,
		`{"delaySamples": ["1ms", "-2ms"]}`:                                    `delaySamples[1]: -2ms is outside 0s..3600s`,
		`{"delaySamples": "/etc/shadow"}`:                                      `delaySamples: "/etc/shadow" is a file, and only the conflist may name files: give a list of times`,
		`{"delaySamples": ["0s", "3600s"]}`:                                    `jitter: 1800s is outside 0s..2147483.647us`,
		`{"delaySamples": ["1ms"], "jitter": "1ms", "distribution": "normal"}`: `delaySamples: excludes distribution and distributionTable`,
		`{"netem": "delay 1ms", "delaySamples": ["1ms"]}`:                      `netem: excludes delaySamples: write one or the other`,
	} {
		if _, _, err := ParseDirection(in); message(err) != want {
			t.Errorf("%s:\n got %v\nwant %s", in, err, want)
		}
	}
}

// TestDelaySamplesAreBounded: what is made of the list is held to the policy.
func TestDelaySamplesAreBounded(t *testing.T) {
	stdin := inject([]byte(`{"type":"tcni","policy":{"maxDelay":"1s"}}`), "net", map[string]string{"tcni.dev/egress": `{"delaySamples": ["1s", "3s"]}`})
	const want = "annotation tcni.dev/egress: delay: 2s is above policy.maxDelay, 1s"
	if _, err := Parse(stdin, Env{}); message(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestEarlyMeasured: a delay that is shorter than the list's is no reason for
// packets to be sent before they came, without a warning.
func TestEarlyMeasured(t *testing.T) {
	_, warnings, err := ParseDirection(`{"delay": "5ms", "delaySamples": ["40ms", "60ms"]}`)
	const want = "jitter: 10ms is above delay, 5ms: what would be sent before it came is sent at once, and the mean is higher"
	if err != nil || len(warnings) != 1 || warnings[0] != want {
		t.Errorf("got %q, %v", warnings, err)
	}
}
