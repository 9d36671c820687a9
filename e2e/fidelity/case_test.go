// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tcni.dev/conf"
)

// TestCases parses the words of every case as the plugin will.
func TestCases(t *testing.T) {
	for _, f := range Families() {
		seen := map[string]bool{}
		for _, c := range f.Cases {
			if key := c.Name + c.Words; seen[key] {
				t.Errorf("%s: %s: twice", f.Name, c.Name)
			} else {
				seen[key] = true
			}
			words, err := json.Marshal(c.Words)
			if err != nil {
				t.Fatal(err)
			}
			entry := fmt.Sprintf(`{"cniVersion":"1.0.0","name":"n","type":"tcni","capabilities":{%q:true},"runtimeConfig":{%q:{"tcni.dev/egress":%s}}}`,
				annotations, annotations, words)
			if _, err := conf.Parse([]byte(entry), conf.Env{IfName: "eth0"}); err != nil {
				t.Errorf("%s: %s: %v", f.Name, c.Name, err)
			}
		}
	}
}

// TestHeadlines holds the summary to cases that there are.
func TestHeadlines(t *testing.T) {
	there := map[string]bool{}
	for _, f := range Families() {
		for _, c := range f.Cases {
			there[f.Name+c.Name+c.Words] = true
		}
	}
	for _, h := range headlines {
		if !there[h.family+h.name+h.words] {
			t.Errorf("%s: there is no %s (%s)", h.family, h.name, h.words)
		}
	}
}

// TestHighest judges a rate where the guest carries enough more, and says where
// it does not.
func TestHighest(t *testing.T) {
	off := func(mbit float64) Measured {
		return Measured{Readings: []Reading{within(rateMetric, "Mbit/s", mbit, mbit/100, 0.9*mbit, 900)}}
	}
	judged, shown := Attempt{Measured: off(500).where(750, 500)}, Attempt{Measured: off(1000).where(1499, 1000)}
	if judged.OK() || !shown.OK() {
		t.Errorf("a rate that is off passes: %v with enough, %v without", judged.OK(), shown.OK())
	}
	f := FamilyReport{Cases: []CaseReport{{Words: "rate 500mbit", TCNI: judged}, {Name: "TCP", Words: "rate 1gbit", TCNI: shown}}}
	want := "The highest rate judged is 500 Mbit/s. Shown only, since a rate is judged where the guest carries 1.5 times as much without it: `rate 1gbit` with TCP: the guest carries 1499 Mbit/s."
	if got := f.highest(); got != want {
		t.Errorf("%s", got)
	}
	if got := (FamilyReport{}).highest(); got != "" {
		t.Errorf("without rates: %s", got)
	}
}

func TestMarkdown(t *testing.T) {
	lost := Attempt{Measured: Measured{Readings: []Reading{share("loss", 0.01, 288, 20000)}}}
	right := Attempt{Measured: Measured{Readings: []Reading{share("loss", 0.01, 200, 20000)}}}
	known := Attempt{Measured: Measured{Readings: []Reading{share("loss", 0.01, 288, 20000)}}}
	known.Readings[0].Known = "it does"
	r := &Report{Kernel: "6.1", Families: []FamilyReport{{Name: "loss", Cases: []CaseReport{
		{Name: "TCP", Words: "loss 1%", TCNI: right, Netem: &lost},
		{Name: "UDP", Words: "loss 1%", TCNI: lost, First: &lost},
		{Name: "again", Words: "loss 1%", TCNI: right, First: &lost},
		{Name: "seed", Words: "seed 1", TCNI: Attempt{Error: "no | seed", Refused: true}},
		{Name: "kernel's", Words: "x", TCNI: known},
	}}}}
	text := Markdown([]*Report{r})
	for _, want := range []string{
		"| TCP | `loss 1%` | loss | 1 % | 1 % (0.784 % … 1.25 %) | 1.44 % (1.18 % … 1.74 %) ✗ | ok |",
		"| UDP | `loss 1%` | loss | 1 % | 1.44 % (1.18 % … 1.74 %) | not measured | **off** |",
		"| ok, repeated |", `| no \| seed | not measured | ok: a clear refusal |`, "| known |", "- kernel's, loss: it does.",
		"5 cases, 2 measured a second time, 1 not as asked.", "What cannot be measured",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("report lacks %q:\n%s", want, text)
		}
	}
	if failed := r.Failed(); len(failed) != 1 || !strings.Contains(failed[0], "UDP") {
		t.Errorf("failed are %q, want the one of UDP", failed)
	}
}
