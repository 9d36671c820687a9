// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"tcni.dev/pkg/tc"
)

// outcome prints a configuration's effect: source and shape of each direction,
// then the warnings.
func outcome(c *Conf) string {
	show := func(d *Direction, source, rateSource string) string {
		if d == nil {
			return "-"
		}
		s := d.Words()
		if len(d.Rules) > 0 {
			s += fmt.Sprintf(" +%d", len(d.Rules))
		}
		if source != "" {
			s += " (" + source + ")"
		}
		if rateSource != "" {
			s += " (" + rateSource + ")"
		}
		return s
	}
	lines := append([]string{
		"egress " + show(c.Egress, c.Sources.Egress, c.Sources.EgressRate),
		"ingress " + show(c.Ingress, c.Sources.Ingress, c.Sources.IngressRate),
	}, c.Warnings...)
	return strings.Join(lines, "\n")
}

// entry builds stdin from the keys beside CNI's, and runtimeConfig.
func entry(keys, runtimeConfig string) []byte {
	s := `{"cniVersion":"1.0.0","name":"net","type":"tcni"`
	if keys != "" {
		s += "," + keys
	}
	if runtimeConfig != "" {
		s += `,"runtimeConfig":{` + runtimeConfig + `}`
	}
	return []byte(s + "}")
}

// annotate makes runtimeConfig of pairs of annotation and value.
func annotate(pairs ...string) string {
	m := map[string]string{"other.io/x": "{"}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	text, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return `"` + annotationsCapability + `":` + string(text)
}

const everySource = `"egress":"delay 5ms","ingress":"delay 6ms","profile":"dsl",` +
	`"args":{"cni":{"other":1,"tcni":{"egress":"delay 3ms","profile":"cable"}}}`

func TestPrecedence(t *testing.T) {
	for _, c := range []struct{ name, keys, runtime, args, want string }{
		{"nothing", ``, ``, ``, "egress -\ningress -"},
		{"conflist", `"egress":"delay 5ms"`, ``, ``, "egress delay 5ms (conflist net)\ningress -"},
		{"null is absent", `"egress":null,"policy":null,"profile":null`, ``, ``, "egress -\ningress -"},
		{"profile above conflist", `"egress":"delay 5ms","profile":"dsl"`, ``, ``,
			"egress rate 384kbit delay 25ms (profile dsl)\ningress rate 1.5mbit delay 25ms (profile dsl)\n" +
				"conflist net: egress: is not used: profile dsl gives it"},
		{"CNI_ARGS above profile", `"profile":"dsl"`, ``, "TCNI_EGRESS=delay 4ms",
			"egress delay 4ms (CNI_ARGS TCNI_EGRESS)\ningress rate 1.5mbit delay 25ms (profile dsl)"},
		{"args.cni above CNI_ARGS, its profile too", everySource, ``, "TCNI_EGRESS=delay 4ms;TCNI_PROFILE=lte",
			"egress delay 3ms (args.cni)\ningress rate 5mbit delay 14ms (profile cable)"},
		{"annotation above all", everySource, annotate("tcni.dev/egress", "delay 2ms", "tcni.dev/profile", " 3g\n"), "TCNI_EGRESS=delay 4ms",
			"egress delay 2ms (annotation tcni.dev/egress)\ningress rate 1.6mbit delay 150ms (profile 3g)"},
		{"annotation of the interface", everySource, annotate("tcni.dev/egress", "delay 2ms", "tcni.dev/egress.eth0", "delay 1ms", "tcni.dev/ingress.net1", "delay"), "",
			"egress delay 1ms (annotation tcni.dev/egress.eth0)\ningress rate 5mbit delay 14ms (profile cable)"},
		{"a direction is not merged", `"egress":"rate 1mbit delay 5ms"`, annotate("tcni.dev/egress", "loss 1%"), "",
			"egress loss 1% (annotation tcni.dev/egress)\ningress -"},
		{"none turns off", `"egress":"delay 5ms","ingress":"delay 6ms"`, annotate("tcni.dev/egress", "none"), "",
			"egress -\ningress delay 6ms (conflist net)"},
		{"profile none", `"egress":"delay 5ms","ingress":"delay 6ms"`, annotate("tcni.dev/profile", "none"), "", "egress -\ningress -"},
		{"rules without impairment", `"egress":{"rules":[{"match":{"port":5}}]}`, ``, "", "egress -\ningress -"},
		{"rules with one", `"egress":{"rules":[{"match":{"port":5},"loss":"1%"}]}`, ``, "", "egress none +1 (conflist net)\ningress -"},
		{"policy.annotations", `"policy":{"annotations":false},"egress":"delay 5ms"`, annotate("tcni.dev/egress", "loss"), "",
			"egress delay 5ms (conflist net)\ningress -\nannotation tcni.dev/egress: is not read: policy.annotations of conflist net is false"},
		{"policy.args", `"policy":{"args":false},` + everySource[:strings.Index(everySource, `"profile"`)] + everySource[strings.Index(everySource, `"args"`):], ``, "TCNI_EGRESS=los",
			"egress delay 5ms (conflist net)\ningress delay 6ms (conflist net)\n" +
				"args.cni: is not read: policy.args of conflist net is false\nCNI_ARGS TCNI_EGRESS: is not read: policy.args of conflist net is false"},
		{"warnings name the place", `"egress":{"rules":[{"netem":"delay 5ms 9ms loss 1% 25%"},{"name":"x"}]}`, ``, "",
			"egress none +2 (conflist net)\ningress -\n" +
				"conflist net: egress.rules[0].netem.loss: netem's correlation makes a loss of 1% far rarer than that (1% with 25%); a Gilbert-Elliott model with the loss and the correlation asked for takes its place\n" +
				"conflist net: egress.rules[0].netem.jitter: 9ms is above delay, 5ms: what would be sent before it came is sent at once, and the mean is higher\n" +
				"conflist net: egress.rules[1]: is never reached: rules[0] matches all"},
		{"rule above direction", `"egress":{"rate":"1mbit","rules":[{"rate":"2mbit"}]}`, ``, "",
			"egress rate 1mbit +1 (conflist net)\ningress -\nconflist net: egress.rules[0]: its rate, 2mbit, is above the direction's, 1mbit, which holds"},
		{"share correlations", `"egress":"duplicate 1% 5%"`, ``, "",
			"egress duplicate 1% 5% (conflist net)\ningress -\nconflist net: egress.duplicateCorrelation: netem's correlated random numbers crowd around the middle: the share of duplicate will not be the one asked for"},
		{"delay correlation", `"egress":"delay 5ms 1ms 25%"`, ``, "",
			"egress delay 5ms 1ms 25% (conflist net)\ningress -\nconflist net: egress.delayCorrelation: netem takes the low bits of its correlated random numbers, which are not correlated: the kernel draws each delay alone"},
	} {
		got, err := Parse(entry(c.keys, c.runtime), Env{IfName: "eth0", Args: c.args})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if s := outcome(got); s != c.want {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", c.name, s, c.want)
		}
	}
}

func TestBandwidthCapability(t *testing.T) {
	for _, c := range []struct{ name, keys, runtime, want string }{
		{"containerd", ``, `"bandwidth":{"IngressRate":10000000,"IngressBurst":4294967295,"EgressRate":0,"EgressBurst":0}`,
			"egress -\ningress rate 10mbit (capability bandwidth)"},
		{"ocicni", ``, `"bandwidth":{"ingressRate":8000,"ingressBurst":34359738359,"egressRate":1000000,"egressBurst":800000}`,
			"egress rate 1mbit burst 100000b (capability bandwidth)\ningress rate 8kbit (capability bandwidth)"},
		{"bandWidth", ``, `"bandWidth":{"ingressRate":800}`, "egress -\ningress rate 800bit (capability bandwidth)"},
		{"null", ``, `"bandwidth":null`, "egress -\ningress -"},
		{"above the conflist's rate", `"egress":"rate 20mbit ceil 30mbit burst 15kb overhead 14 delay 5ms"`, `"bandwidth":{"egressRate":1000000}`,
			"egress rate 1mbit overhead 14 delay 5ms (conflist net) (capability bandwidth)\ningress -"},
		{"a burst beside cells", `"egress":"rate 20mbit 0 64 5"`, `"bandwidth":{"egressRate":1000000,"egressBurst":800000}`,
			"egress rate 1mbit cellsize 64 celloverhead 5 (conflist net) (capability bandwidth)\ningress -\n" +
				"capability bandwidth: egressRate: its burst is not used: it cannot be had beside cellSize or a negative overhead of the conflist"},
		{"beside an annotation without a rate", `"egress":"rate 20mbit"`, annotate("tcni.dev/egress", "delay 5ms") + `,"bandwidth":{"egressRate":1000000}`,
			"egress rate 1mbit delay 5ms (annotation tcni.dev/egress) (capability bandwidth)\ningress -"},
		{"below an annotation's rate", ``, annotate("tcni.dev/egress", "rate 5mbit") + `,"bandwidth":{"egressRate":1000000}`,
			"egress rate 5mbit (annotation tcni.dev/egress)\ningress -"},
		{"below a profile's rate", `"profile":"dsl"`, `"bandwidth":{"egressRate":1000000}`,
			"egress rate 384kbit delay 25ms (profile dsl)\ningress rate 1.5mbit delay 25ms (profile dsl)"},
		{"beside none", ``, annotate("tcni.dev/egress", "none") + `,"bandwidth":{"egressRate":1000000}`,
			"egress rate 1mbit (annotation tcni.dev/egress) (capability bandwidth)\ningress -"},
		{"more than any link has", ``, `"bandwidth":{"egressRate":1000000000000000}`,
			"egress rate 10tbit (capability bandwidth)\ningress -\ncapability bandwidth: egressRate: 1000000000000000 bit/s is above 10tbit, which holds"},
		{"subnets", ``, `"bandwidth":{"egressRate":8000,"shapedSubnets":["10.0.0.0/8"],"unshapedSubnets":[]}`,
			"egress none +1 (capability bandwidth)\ningress -"},
		{"unknown key", ``, `"bandwidth":{"egressRate":8000,"maxRate":5}`,
			"egress rate 8kbit (capability bandwidth)\ningress -\ncapability bandwidth: \"maxRate\" is not known and not used"},
	} {
		got, err := Parse(entry(c.keys, c.runtime), Env{IfName: "eth0"})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if s := outcome(got); s != c.want {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", c.name, s, c.want)
		}
	}
}

func TestConf(t *testing.T) {
	const prev = "{ \"cniVersion\":\"1.0.0\",\n\t\"interfaces\":[ {\"name\":\"v\\u00e9th\"} ], \"x\": 1e3 }"
	stdin := entry(`"prevResult": `+prev+` ,"placement":"host","exemptNode":true,"classifier":"bpf","cni.dev/x":1,"dns":{},"ipam":{}`, "")
	got, err := Parse(stdin, Env{Args: "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-0;K8S_POD_UID=u=1;K8S_POD_NAME=web-0;;junk;A=b=c"})
	if err != nil {
		t.Fatal(err)
	}
	want := &Conf{
		CNIVersion: "1.0.0", Name: "net", Type: "tcni", PrevResult: json.RawMessage(prev),
		Shape:      Shape{Placement: PlaceHost, ExemptNode: true},
		Classifier: ClassifierBPF, Policy: DefaultPolicy(),
		Pod: Pod{Namespace: "default", Name: "web-0", UID: "u=1"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestTables(t *testing.T) {
	env := Env{Tables: func(name string) ([]byte, error) {
		if name == "lan" || name == "/etc/tcni/lan.dist" {
			return []byte("# a table\n -8192 0\n8192 # end\n"), nil
		}
		return nil, os.ErrNotExist
	}}
	const jitter = `"delay":"5ms","jitter":"1ms",`
	for _, c := range []struct{ egress, name, err string }{
		{`"delay 5ms 1ms distribution lan"`, "lan", ""},
		{`{` + jitter + `"distribution":"lan"}`, "lan", ""},
		{`{` + jitter + `"distributionTable":"/etc/tcni/lan.dist"}`, "lan", ""},
		{`{` + jitter + `"distributionTable":"/etc/tcni/lan.dist","distribution":"office"}`, "office", ""},
		{`{` + jitter + `"distributionTable":[-8192,0,8192]}`, "inline", ""},
		{`"delay 5ms 1ms distribution wan"`, "", "conflist net: egress.distribution: file does not exist"},
		{`{` + jitter + `"distributionTable":"x"}`, "", "conflist net: egress.distributionTable: file does not exist"},
	} {
		got, err := Parse(entry(`"egress":`+c.egress, ""), env)
		if message(err) != c.err {
			t.Errorf("%s:\n got %v\nwant %s", c.egress, err, c.err)
		}
		if err != nil {
			continue
		}
		want, err := ParseTable([]byte("-8192 0 8192"))
		if d := got.Egress.Netem.Distribution; err != nil || d != (tc.Distribution{Name: c.name, Table: want}) {
			t.Errorf("%s: got %q", c.egress, d)
		}
	}
	for in, want := range map[string]string{
		"":            "has no samples: want 1..16384",
		"# none":      "has no samples: want 1..16384",
		"1 2\n3 x":    `line 2: "x" is not a whole number`,
		"40000":       "line 1: 40000 is outside -32768..32767",
		manySamples(): "line 1: more than 16384 samples",
	} {
		if _, err := ParseTable([]byte(in)); message(err) != want {
			t.Errorf("%.20q: got %v, want %s", in, err, want)
		}
	}
}

func manySamples() string { return strings.Repeat("1 ", maxTable+1) }
