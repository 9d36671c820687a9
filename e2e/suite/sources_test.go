// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"strings"
	"testing"

	"tcni.dev/e2e/lab"
)

// annotated is what a runtime adds for a pod.
func annotated(kv ...string) lab.Conf {
	m := lab.Conf{}
	for i := 0; i < len(kv); i += 2 {
		m[kv[i]] = kv[i+1]
	}
	return lab.Conf{"io.kubernetes.cri.pod-annotations": m}
}

// sourceCase says what egress' and ingress' link class must be, as tc prints a
// rate; "" is no shape.
type sourceCase struct {
	name            string
	entry           lab.Conf
	args            [][2]string
	egress, ingress string
}

func withConflist(c lab.Conf) lab.Conf {
	c["egress"], c["ingress"] = "rate 1mbit", "rate 2mbit"
	return c
}

func bandwidth(kv ...any) lab.Conf {
	m := lab.Conf{}
	for i := 0; i < len(kv); i += 2 {
		m[kv[i].(string)] = kv[i+1]
	}
	return lab.Conf{"bandwidth": m}
}

var sourceCases = []sourceCase{
	{"conflist", withConflist(lab.Conf{}), nil, "1Mbit", "2Mbit"},
	{"profile of the conflist", lab.Conf{"egress": "rate 1mbit", "policy": lab.Conf{"annotations": false}}, nil, "1Mbit", ""},
	{"annotation", lab.Conf{"runtimeConfig": annotated("tcni.dev/egress", "rate 5mbit")}, nil, "5Mbit", ""},
	{"annotation over all", withConflist(lab.Conf{
		"runtimeConfig": annotated("tcni.dev/egress", "rate 5mbit"),
		"args":          lab.Conf{"cni": lab.Conf{"tcni": lab.Conf{"egress": "rate 4mbit", "ingress": "rate 6mbit"}}},
	}), [][2]string{{"TCNI_EGRESS", "rate 3mbit"}, {"TCNI_INGRESS", "rate 7mbit"}}, "5Mbit", "6Mbit"},
	{"args.cni over CNI_ARGS", withConflist(lab.Conf{
		"args": lab.Conf{"cni": lab.Conf{"tcni": lab.Conf{"egress": lab.Conf{"rate": "4mbit"}}}},
	}), [][2]string{{"TCNI_EGRESS", "rate 3mbit"}}, "4Mbit", "2Mbit"},
	{"CNI_ARGS over conflist", withConflist(lab.Conf{}),
		[][2]string{{"IgnoreUnknown", "1"}, {"K8S_POD_NAME", "web"}, {"TCNI_INGRESS", "rate 7mbit"}}, "1Mbit", "7Mbit"},
	{"annotation of this interface", lab.Conf{"runtimeConfig": annotated(
		"tcni.dev/egress", "rate 5mbit", "tcni.dev/egress.eth0", "rate 8mbit", "tcni.dev/ingress.net1", "rate 9mbit")}, nil, "8Mbit", ""},
	{"annotation as JSON", lab.Conf{"runtimeConfig": annotated("tcni.dev/ingress", `{"rate":"5mbit","rules":[{"match":{"port":80}}]}`)}, nil, "", "5Mbit"},
	{"annotation as YAML", lab.Conf{"runtimeConfig": annotated("tcni.dev/ingress", "rate: 5mbit\nrules:\n- match: {port: 80}\n")}, nil, "", "5Mbit"},
	{"bandwidth of containerd", lab.Conf{"runtimeConfig": bandwidth("IngressRate", 10_000_000, "IngressBurst", 4294967295, "EgressRate", 0, "EgressBurst", 0)}, nil, "", "10Mbit"},
	{"bandwidth of ocicni", lab.Conf{"runtimeConfig": bandwidth("egressRate", 10_000_000, "egressBurst", 34359738359)}, nil, "10Mbit", ""},
	{"bandWidth", lab.Conf{"runtimeConfig": lab.Conf{"bandWidth": lab.Conf{"egressRate": 10_000_000}}}, nil, "10Mbit", ""},
	{"bandwidth below an annotation", lab.Conf{"runtimeConfig": lab.Conf{
		"bandwidth":                         lab.Conf{"egressRate": 10_000_000, "ingressRate": 11_000_000},
		"io.kubernetes.cri.pod-annotations": lab.Conf{"tcni.dev/egress": "rate 5mbit"},
	}}, nil, "5Mbit", "11Mbit"},
	{"none", withConflist(lab.Conf{"runtimeConfig": annotated("tcni.dev/egress", "none")}), nil, "", "2Mbit"},
	{"annotations off", withConflist(lab.Conf{
		"policy": lab.Conf{"annotations": false}, "runtimeConfig": annotated("tcni.dev/egress", "rate 5mbit"),
	}), nil, "1Mbit", "2Mbit"},
	{"args off", withConflist(lab.Conf{"policy": lab.Conf{"args": false}}), [][2]string{{"TCNI_EGRESS", "rate 3mbit"}}, "1Mbit", "2Mbit"},
	{"invalid, ignored", lab.Conf{
		"policy": lab.Conf{"onInvalid": "ignore"}, "runtimeConfig": annotated("tcni.dev/egress", "rate of change"),
	}, nil, "", ""},
}

// TestSources looks into the kernel for whose word counted.
func TestSources(t *testing.T) {
	for _, tt := range sourceCases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t, ptp)
			before := n.snapshot()
			a := n.attach
			a.Args = tt.args
			run := n.run(lab.ADD, a, n.stdin(tt.entry))
			if run.ExitCode != 0 || run.Stdout != string(n.prev) {
				t.Fatalf("ADD: exit %d: %s%s", run.ExitCode, run.Stdout, run.Stderr)
			}
			if check := n.run(lab.CHECK, a, n.stdin(tt.entry)); check.ExitCode != 0 {
				t.Errorf("CHECK: %s", check.Stdout)
			}
			if got := n.linkRate(n.container, "eth0"); got != tt.egress {
				t.Errorf("egress is %q, want %q", got, tt.egress)
			}
			if got := n.linkRate(n.Node, n.hostLink()); got != tt.ingress {
				t.Errorf("ingress is %q, want %q", got, tt.ingress)
			}
			n.ok(lab.DEL, tt.entry)
			n.unchanged(before, "DEL")
		})
	}
}

// linkRate is the rate of the class above all others, as tc prints it.
func (n *network) linkRate(in *lab.NS, dev string) string {
	n.t.Helper()
	out, err := in.Output(n.t.Context(), "tc", "class", "show", "dev", dev)
	if err != nil {
		n.t.Fatal(err)
	}
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "class htb 7c00:1 ") {
			_, after, _ := strings.Cut(line, " rate ")
			rate, _, _ := strings.Cut(after, " ")
			return rate
		}
	}
	return ""
}

// TestPolicy refuses what others than the administrator may not ask for.
func TestPolicy(t *testing.T) {
	n := newNetwork(t, ptp)
	before := n.snapshot()
	for _, tt := range []struct {
		name   string
		policy lab.Conf
		asks   string
		words  []string
	}{
		{"delay", lab.Conf{"maxDelay": "1s"}, "delay 2s", []string{"delay", "2s", "maxDelay", "1s"}},
		{"default delay", lab.Conf{}, "delay 11s", []string{"delay", "11s", "maxDelay", "10s"}},
		{"rate", lab.Conf{"maxRate": "1gbit"}, "rate 2gbit", []string{"rate", "2gbit", "maxRate", "1gbit"}},
		{"low rate", lab.Conf{"minRate": "1mbit"}, "rate 8kbit", []string{"rate", "8kbit", "minRate"}},
		{"impairment", lab.Conf{"impairments": []string{"rate"}}, "loss 1%", []string{"loss", "impairments"}},
		{"rules", lab.Conf{"maxRules": 1}, `{"rules":[{"match":{"port":1}},{"match":{"port":2}}]}`, []string{"rules", "maxRules"}},
		{"queue", lab.Conf{"maxQueue": "1mb"}, "rate 1mbit buffer 2mb", []string{"buffer", "maxQueue"}},
		{"garbage", lab.Conf{}, "dealy 1ms", []string{"tcni.dev/egress", "dealy", "did you mean"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			entry := lab.Conf{"policy": tt.policy, "runtimeConfig": annotated("tcni.dev/egress", tt.asks)}
			wantFailure(t, n.call(lab.ADD, entry), codeConf, append(tt.words, "annotation tcni.dev/egress")...)
			n.unchanged(before, "a refusal")
			n.ok(lab.DEL, entry)
			n.unchanged(before, "DEL")
		})
	}
}
