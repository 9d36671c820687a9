// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestMaxRateHolds wants nothing that somebody else than the administrator asks
// for to pass without policy.maxRate, whoever it is.
func TestMaxRateHolds(t *testing.T) {
	const policy = `"policy":{"maxRate":"1mbit"}`
	const held = "rate 1mbit"
	for _, c := range []struct{ name, keys, runtime, args, want string }{
		{"annotation none", `"egress":"rate 500kbit"`, annotate("tcni.dev/egress", "none"), "", held + " (annotation tcni.dev/egress) (conflist net)"},
		{"annotation", "", annotate("tcni.dev/egress", "delay 1ms"), "", held + " delay 1ms (annotation tcni.dev/egress) (conflist net)"},
		{"annotation with a rate", "", annotate("tcni.dev/egress", "rate 8kbit"), "", "rate 8kbit (annotation tcni.dev/egress)"},
		{"args.cni", `"args":{"cni":{"tcni":{"egress":{"loss":"1%"}}}}`, "", "", held + " loss 1% (args.cni) (conflist net)"},
		{"CNI_ARGS", "", "", "TCNI_EGRESS=none", held + " (CNI_ARGS TCNI_EGRESS) (conflist net)"},
		{"profile of an annotation", `"egress":"rate 8kbit"`, annotate("tcni.dev/profile", "none"), "", held + " (profile none) (conflist net)"},
		{"profile of the conflist", `"profile":"transatlantic"`, "", "", "delay 38ms (profile transatlantic)"},
		{"conflist", `"egress":"delay 1ms"`, "", "", "delay 1ms (conflist net)"},
		{"nobody", "", "", "", "-"},
		{"bandwidth", "", annotate("tcni.dev/egress", "none") + `,"bandwidth":{"egressRate":8000}`, "", "rate 8kbit (annotation tcni.dev/egress) (capability bandwidth)"},
		{"bandwidth of the conflist", `"egressRate":16000`, annotate("tcni.dev/egress", "none"), "", "rate 16kbit (annotation tcni.dev/egress) (conflist net)"},
		{"bandwidth for some networks", "", `"bandwidth":{"egressRate":8000,"shapedSubnets":["10.0.0.0/8"]}`, "", held + " +1 (conflist net)"},
		{"a bad value", `"policy":{"maxRate":"1mbit","onInvalid":"ignore"},"egress":"rate 8kbit"`, annotate("tcni.dev/egress", "delay"), "", held + " (conflist net)"},
		{"a bad bandwidth", `"policy":{"maxRate":"1mbit","onInvalid":"ignore"}`, `"bandwidth":{"egressRate":2000000}`, "", held + " (conflist net)"},
	} {
		keys := c.keys
		if !strings.Contains(keys, "policy") {
			keys = strings.TrimSuffix(policy+","+keys, ",")
		}
		got, err := Parse(entry(keys, c.runtime), Env{IfName: "eth0", Args: c.args})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if s, _, _ := strings.Cut(outcome(got), "\n"); s != "egress "+c.want {
			t.Errorf("%s: got %s, want egress %s", c.name, s, c.want)
		}
	}
}

// TestMaxRateHoldsRules wants a rule that would let packets pass beside the
// direction's rate to have one, unless the administrator names what may pass.
func TestMaxRateHoldsRules(t *testing.T) {
	for _, c := range []struct{ name, keys, runtime, want string }{
		{"beside a rate", "", annotate("tcni.dev/egress", `{"rate":"8kbit","rules":[{"match":{"port":53}},{"delay":"1ms"}]}`),
			`{"rate":"8kbit","rules":[{"match":{"port":53},"rate":"8kbit"},{"delay":"1ms"}]}`},
		{"beside a ceil", "", annotate("tcni.dev/egress", `{"rate":"8kbit","ceil":"16kbit","rules":[{}]}`),
			`{"rate":"8kbit","ceil":"16kbit","rules":[{"rate":"16kbit"}]}`},
		{"without a rate", "", annotate("tcni.dev/egress", `{"rules":[{"match":{"port":53}}]}`),
			`{"rate":"1mbit","rules":[{"match":{"port":53},"rate":"1mbit"}]}`},
		{"the conflist's", `"egress":{"rate":"2mbit","rules":[{"match":{"port":53}}]}`, "",
			`{"rate":"2mbit","rules":[{"match":{"port":53}}]}`},
		{"networks of the conflist", `"unshapedSubnets":["10.0.0.0/8"]`, annotate("tcni.dev/egress", `{"rules":[{"match":{"port":53}}]}`) + `,"bandwidth":{"egressRate":8000}`,
			`{"rate":"8kbit","rules":[{"match":{"cidr":"10.0.0.0/8"}},{"match":{"port":53},"rate":"8kbit"}]}`},
		{"networks of the conflist without a rate", `"unshapedSubnets":["10.0.0.0/8"]`, annotate("tcni.dev/egress", `{"rules":[{"match":{"port":53}}]}`),
			`{"rate":"1mbit","rules":[{"match":{"port":53},"rate":"1mbit"}]}`},
		{"networks of the capability", "", `"bandwidth":{"egressRate":8000,"unshapedSubnets":["10.0.0.0/8"]}`,
			`{"rate":"8kbit","rules":[{"match":{"cidr":"10.0.0.0/8"},"rate":"8kbit"}]}`},
	} {
		keys := strings.TrimSuffix(`"policy":{"maxRate":"1mbit"},`+c.keys, ",")
		got, err := Parse(entry(keys, c.runtime), Env{IfName: "eth0"})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if text, err := json.Marshal(got.Egress); err != nil || string(text) != c.want {
			t.Errorf("%s: got %s, %v\nwant %s", c.name, text, err, c.want)
		}
	}
	_, err := Parse(entry(`"policy":{"maxRate":"1mbit"}`, annotate("tcni.dev/egress", `{"rate":"8kbit","overhead":-4,"rules":[{"match":{"port":53}}]}`)), Env{})
	if want := "annotation tcni.dev/egress: rules[0]: " + ErrNotHeld.Error(); message(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
