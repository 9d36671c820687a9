// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"strings"
	"testing"
)

// TestWrongConf holds wrong values of the top level, of each source and of the
// policy to their lines.
func TestWrongConf(t *testing.T) {
	long := strings.Repeat("x", 16)
	for _, c := range []struct{ stdin, args, want string }{
		{``, "", `conflist: not JSON: unexpected end of JSON input at byte 0`},
		{`{`, "", `conflist: not JSON: unexpected end of JSON input at byte 1`},
		{`{"name": net}`, "", `conflist: not JSON: invalid character 'e' in literal null (expecting 'u') at byte 11`},
		{`[]`, "", `conflist: want an object, got a list`},
		{`{}`, "", `conflist: name: is missing`},
		{`{"name": 5}`, "", `conflist: name: is missing`},
		{`{"name":"a","name":"b"}`, "", `conflist b: name: is given twice`},
		{string(entry(`"egres":{}`, "")), "", `conflist net: unknown key "egres": did you mean "egress"?`},
		{string(entry(`"ingres":{}`, "")), "", `conflist net: unknown key "ingres": did you mean "ingress"?`},
		{string(entry(`"zzz":{}`, "")), "", `conflist net: unknown key "zzz": want one of egress, ingress, profile, placement, exemptNode, classifier, policy, delegate, target, cniVersion, name, type, prevResult, args, runtimeConfig, ingressRate, ingressBurst, egressRate, egressBurst, shapedSubnets, unshapedSubnets`},
		{string(entry(`"egress":5`, "")), "", `conflist net: egress: want an object or a string of words, got a number`},
		{string(entry(`"egress":""`, "")), "", `conflist net: egress: is empty: write "none" for no impairment`},
		{string(entry(`"egress":"delay"`, "")), "", `conflist net: egress.delay: value is missing`},
		{string(entry(`"profile":5`, "")), "", `conflist net: profile: want a string, got a number`},
		{string(entry(`"profile":""`, "")), "", `conflist net: profile: is empty: want the name of a profile`},
		{string(entry(`"profile":"satelite-geo"`, "")), "", `conflist net: profile: unknown profile "satelite-geo": did you mean "satellite-geo"? (tcnictl profiles lists them)`},
		{string(entry(`"placement":"node"`, "")), "", `conflist net: placement: "node" is not one of auto, container, host`},
		{string(entry(`"placement":5`, "")), "", `conflist net: placement: want a string, got a number`},
		{string(entry(`"exemptNode":"yes"`, "")), "", `conflist net: exemptNode: want true or false, got a string`},
		{string(entry(`"classifier":"flower"`, "")), "", `conflist net: classifier: "flower" is not one of auto, u32, bpf`},

		{string(entry(`"delegate":"ptp"`, "")), "", `conflist net: delegate: want an object, got a string`},
		{string(entry(`"delegate":{}`, "")), "", `conflist net: delegate: type is missing`},
		{string(entry(`"delegate":{"type":"../ptp"}`, "")), "", `conflist net: delegate: type: "../ptp" is not the name of a plugin`},
		{string(entry(`"target":5`, "")), "", `conflist net: target: want a string, got a number`},
		{string(entry(`"target":"eth0:1"`, "")), "", `conflist net: target: "eth0:1" is not an interface's name`},
		{string(entry(`"target":"eth0","delegate":{"type":"ptp"}`, "")), "", `conflist net: target: excludes delegate: the delegate's interface is the one that is shaped`},
		{string(entry(`"target":"eth0","exemptNode":true`, "")), "", `conflist net: target: excludes exemptNode: no result says which addresses the interface has`},

		{string(entry(`"ingressBurst":8000`, "")), "", `conflist net: ingressRate: is missing, or 0, and there is a burst for it`},
		{string(entry(`"ingressRate":0,"ingressBurst":123,"egressRate":123,"egressBurst":123`, "")), "", `conflist net: ingressRate: is missing, or 0, and there is a burst for it`},
		{string(entry(`"egressRate":5000,"egressBurst":34359738360`, "")), "", `conflist net: egressBurst: 34359738360 is outside 0..34359738359, in bits`},
		{string(entry(`"egressRate":7`, "")), "", `conflist net: egressRate: 7 bit/s is outside 8bit..10tbit`},
		{string(entry(`"egressRate":"1M"`, "")), "", `conflist net: egressRate: want a number, got a string`},
		{string(entry(`"egressRate":8000,"egress":"rate 1mbit"`, "")), "", `conflist net: egressRate: stands beside a rate of 1mbit in the direction: give one of them`},
		{string(entry(`"shapedSubnets":"10.0.0.0/8"`, "")), "", `conflist net: shapedSubnets: want a list of networks, got a string`},
		{string(entry(`"shapedSubnets":[8]`, "")), "", `conflist net: shapedSubnets[0]: want a string, got a number`},
		{string(entry(`"shapedSubnets":["10.0.0.0/33"]`, "")), "", `conflist net: shapedSubnets[0]: "10.0.0.0/33" is not an address or a network (10.0.5.0/24, 2001:db8::/32)`},
		{string(entry(`"shapedSubnets":["10.0.0.0/8"],"unshapedSubnets":["10.0.0.0/8"]`, "")), "", `conflist net: unshapedSubnets: excludes shapedSubnets: give one of them`},
		{string(entry("", `"bandwidth":{"shapedSubnets":["10.0.0.0/8"],"unshapedSubnets":["10.0.0.0/8"]}`)), "", `capability bandwidth: unshapedSubnets: excludes shapedSubnets: give one of them`},

		{string(entry(`"policy":5`, "")), "", `conflist net: policy: want an object, got a number`},
		{string(entry(`"policy":{"maxDealy":"1s"}`, "")), "", `conflist net: policy: unknown key "maxDealy": did you mean "maxDelay"?`},
		{string(entry(`"policy":{"annotations":1}`, "")), "", `conflist net: policy.annotations: want true or false, got a number`},
		{string(entry(`"policy":{"maxDelay":10}`, "")), "", `conflist net: policy.maxDelay: 10 has no unit: write "10ms"`},
		{string(entry(`"policy":{"maxQueue":"0b"}`, "")), "", `conflist net: policy.maxQueue: 0b is outside 1b..4294967295b`},
		{string(entry(`"policy":{"maxRules":65536}`, "")), "", `conflist net: policy.maxRules: 65536 is outside 0..65535`},
		{string(entry(`"policy":{"maxRate":"1mbit","minRate":"2mbit"}`, "")), "", `conflist net: policy.maxRate: 1mbit is below minRate, 2mbit`},
		{string(entry(`"policy":{"impairments":"delay"}`, "")), "", `conflist net: policy.impairments: want a list of strings, got a string`},
		{string(entry(`"policy":{"impairments":["dely"]}`, "")), "", `conflist net: policy.impairments[0]: "dely" is not one of rate, delay, loss, duplicate, corrupt, reorder, slot, limit, seed`},
		{string(entry(`"policy":{"onInvalid":"warn"}`, "")), "", `conflist net: policy.onInvalid: "warn" is not one of fail, ignore`},

		{string(entry("", annotate("tcni.dev/egres", "delay 5ms"))), "", `annotation tcni.dev/egres: unknown annotation "tcni.dev/egres": did you mean "tcni.dev/egress"?`},
		{string(entry("", annotate("tcni.dev/rate", "5mbit"))), "", `annotation tcni.dev/rate: unknown annotation "tcni.dev/rate": want one of tcni.dev/egress, tcni.dev/ingress, tcni.dev/profile`},
		{string(entry("", annotate("tcni.dev/egress.", "delay 5ms"))), "", `annotation tcni.dev/egress.: "" is not an interface's name`},
		{string(entry("", annotate("tcni.dev/egress."+long, "delay 5ms"))), "", `annotation tcni.dev/egress.` + long + `: "` + long + `" is not an interface's name`},
		{string(entry("", annotate("tcni.dev/x\ny", "delay 5ms"))), "", "annotation tcni.dev/x\ufffdy: unknown annotation \"tcni.dev/x\\ny\": want one of tcni.dev/egress, tcni.dev/ingress, tcni.dev/profile"},
		{string(entry("", annotate("tcni.dev/egress", "3g"))), "", `annotation tcni.dev/egress: "3g" is a profile: write tcni.dev/profile: 3g`},
		{string(entry("", annotate("tcni.dev/egress", "profile 3g"))), "", `annotation tcni.dev/egress: unknown word "profile": write tcni.dev/profile: 3g`},
		{string(entry("", "")), "TCNI_EGRESS=3g", `CNI_ARGS TCNI_EGRESS: "3g" is a profile: write TCNI_PROFILE=3g`},
		{string(entry(`"egress":"3g"`, "")), "", `conflist net: egress: "3g" is a profile: write "profile": "3g"`},
		{string(entry("", annotate("tcni.dev/egress", ""))), "", `annotation tcni.dev/egress: is empty: write "none" for no impairment`},
		{string(entry("", annotate("tcni.dev/profile.eth0", "3gg"))), "", `annotation tcni.dev/profile.eth0: unknown profile "3gg": did you mean "3g"? (tcnictl profiles lists them)`},
		{string(entry("", annotate("tcni.dev/ingress", `{"rules":[{},{"match":{"port":70000}}]}`))), "", `annotation tcni.dev/ingress: rules[1].match.port: 70000 is outside 1..65535`},
		{string(entry("", annotate("tcni.dev/egress", "delay 5ms 1ms distribution lan"))), "", `annotation tcni.dev/egress: distribution: "lan" is not one of uniform, normal, pareto, paretonormal, experimental; only the conflist may name a table of its own`},
		{string(entry("", `"`+annotationsCapability+`":{"tcni.dev/egress":{}}`)), "", `annotation tcni.dev/egress: want a string, got an object`},
		{string(entry(`"args":{"cni":{"tcni":5}}`, "")), "", `args.cni: tcni: want an object, got a number`},
		{string(entry(`"args":{"cni":{"tcni":{"egres":{}}}}`, "")), "", `args.cni: tcni: unknown key "egres": did you mean "egress"?`},
		{string(entry(`"args":{"cni":{"tcni":{"egress":{"delay":"x"}}}}`, "")), "", `args.cni: tcni.egress.delay: "x" is not a time: want a number and s, ms, us or ns (100ms)`},
		{string(entry(`"args":{"cni":{"tcni":{"ingress":"delay 11s"}}}`, "")), "", `args.cni: tcni.ingress.delay: 11s is above policy.maxDelay, 10s`},
		{string(entry(`"args":{"cni":{"tcni":{"profile":"x"}}}`, "")), "", `args.cni: tcni.profile: unknown profile "x": want one of none, dial-up, 2g, edge, 3g-slow, 3g, 3g-fast, 4g, lte, 5g, dsl, cable, fiber, wifi-lossy, satellite-geo, satellite-leo, transatlantic, intercontinental (tcnictl profiles lists them)`},
		{string(entry("", "")), "TCNI_EGRES=delay 5ms", `CNI_ARGS: unknown key "TCNI_EGRES": did you mean "TCNI_EGRESS"?`},
		{string(entry("", "")), "TCNI_EGRESS", `CNI_ARGS TCNI_EGRESS: is empty: write "none" for no impairment`},
		{string(entry("", "")), "TCNI_EGRESS=delay 5ms;TCNI_EGRESS=delay 6ms", `CNI_ARGS TCNI_EGRESS: is given twice, with different values`},
		{string(entry("", "")), "TCNI_INGRESS=loss=1", `CNI_ARGS TCNI_INGRESS: unknown word "loss=1": write "loss 1"`},
		{string(entry("", `"bandwidth":{"egressRate":-1}`)), "", `capability bandwidth: egressRate: -1 is outside 0..18446744073709551615, in whole bits`},
		{string(entry("", `"bandwidth":{"EgressRate":"1M"}`)), "", `capability bandwidth: egressRate: want a number, got a string`},
		{string(entry("", `"bandwidth":{"egressRate":7}`)), "", `capability bandwidth: egressRate: 7 bit/s is outside 8bit..10tbit`},
		{string(entry("", `"bandwidth":[]`)), "", `capability bandwidth: want an object, got a list`},

		{policed(`"maxRules":1`, `{"rules":[{},{}]}`), "", `annotation tcni.dev/egress: rules: 2 is above policy.maxRules, 1`},
		{policed(`"maxDelay":"1s"`, `{"rules":[{"delay":"2s"}]}`), "", `annotation tcni.dev/egress: rules[0].delay: 2s is above policy.maxDelay, 1s`},
		{policed(`"maxDelay":"1s"`, `delay 1s 2s`), "", `annotation tcni.dev/egress: jitter: with it a packet is held for up to 3s, above policy.maxDelay, 1s`},
		{policed(`"maxDelay":"1s"`, `slot 2s`), "", `annotation tcni.dev/egress: slot: with it a packet is held for up to 2s, above policy.maxDelay, 1s`},
		{policed(`"maxDelay":"1s"`, `delay 600ms slot 500ms`), "", `annotation tcni.dev/egress: slot: with it a packet is held for up to 1.1s, above policy.maxDelay, 1s`},
		{policed(`"maxDelay":"1s"`, `delay 1s 1s distribution pareto`), "", `annotation tcni.dev/egress: jitter: with it a packet is held for up to 5s, above policy.maxDelay, 1s`},
		{policed(`"maxDelay":"4s"`, `delay 1s 1s distribution pareto slot distribution normal 0ms 1ms`), "", `annotation tcni.dev/egress: jitter: with it a packet is held for up to 5s, above policy.maxDelay, 4s`},
		{policed(`"maxDelay":"1s"`, `{"delaySamples":["10ms","20ms","90ms"],"jitter":"1s"}`), "", `annotation tcni.dev/egress: jitter: with it a packet is held for up to 1444907.226us, above policy.maxDelay, 1s`},
		{policed(`"minRate":"1mbit"`, `rate 1kbit`), "", `annotation tcni.dev/egress: rate: 1kbit is below policy.minRate, 1mbit`},
		{policed(`"maxRate":"1mbit"`, `rate 1mbit ceil 2mbit`), "", `annotation tcni.dev/egress: ceil: 2mbit is above policy.maxRate, 1mbit`},
		{policed(`"maxQueue":"1mb"`, `rate 1gbit buffer 1s`), "", `annotation tcni.dev/egress: buffer: 125000000b is above policy.maxQueue, 1mb`},
		{policed(`"maxQueue":"1mb"`, `limit 1000`), "", `annotation tcni.dev/egress: limit: 1500000b is above policy.maxQueue, 1mb`},
		{policed(`"maxQueue":"1mb"`, `rate 1mbit burst 2mb`), "", `annotation tcni.dev/egress: burst: 2mb is above policy.maxQueue, 1mb`},
		{policed(`"impairments":["delay"]`, `delay 5ms 1ms loss 1%`), "", `annotation tcni.dev/egress: loss: loss is not among policy.impairments (delay)`},
		{string(entry(`"policy":{"maxDelay":"100ms"}`, annotate("tcni.dev/profile", "3g"))), "", `profile 3g: egress.delay: 150ms is above policy.maxDelay, 100ms`},
		{string(entry(`"policy":{"maxRate":"1mbit"}`, `"bandwidth":{"egressRate":2000000}`)), "", `capability bandwidth: egressRate: 2mbit is above policy.maxRate, 1mbit`},
	} {
		_, err := Parse([]byte(c.stdin), Env{IfName: "eth0", Args: c.args})
		if got := message(err); got != c.want {
			t.Errorf("%s %s:\n got %s\nwant %s", c.stdin, c.args, got, c.want)
		}
		if e := (*Error)(nil); err != nil && (!errors.As(err, &e) || e.Source == "" || e.Cause == nil) {
			t.Errorf("%s: %v is not a whole *Error", c.stdin, err)
		}
	}
}

func policed(policy, egress string) string {
	return string(entry(`"policy":{`+policy+`}`, annotate("tcni.dev/egress", egress)))
}

// TestAdministratorIsFree: the policy bounds others only.
func TestAdministratorIsFree(t *testing.T) {
	const keys = `"policy":{"maxDelay":"1ms","maxRules":0,"impairments":[],"maxRate":"1mbit"},"profile":"lte","egress":{"delay":"100s","rules":[{"loss":"1%"}]}`
	if _, err := Parse(entry(keys, ""), Env{}); err != nil {
		t.Error(err)
	}
}

func TestOnInvalidIgnore(t *testing.T) {
	const policy = `"policy":{"onInvalid":"ignore"},"egress":"delay 5ms","ingress":"delay 6ms"`
	const unshaped = "egress -\ningress -\n"
	const why = "; the container runs unshaped (policy.onInvalid is ignore)"
	for _, c := range []struct{ runtime, args, want string }{
		{annotate("tcni.dev/egress", "delay"), "", unshaped + "annotation tcni.dev/egress: delay: value is missing" + why},
		{"", "TCNI_PROFILE=3", unshaped + `CNI_ARGS TCNI_PROFILE: unknown profile "3": want one of ` + profileNames() + " (tcnictl profiles lists them)" + why},
		{annotate("tcni.dev/egress", "delay") + `,"bandwidth":{"ingressRate":8000}`, "",
			"egress -\ningress rate 8kbit (capability bandwidth)\nannotation tcni.dev/egress: delay: value is missing" + why},
		{`"bandwidth":{"ingressRate":-8000}`, "", unshaped + "capability bandwidth: ingressRate: -8000 is outside 0..18446744073709551615, in whole bits" + why},
		{annotate("tcni.dev/egress", "delay") + `,"bandwidth":{"ingressRate":-1}`, "",
			unshaped + "annotation tcni.dev/egress: delay: value is missing" + why + "\ncapability bandwidth: ingressRate: -1 is outside 0..18446744073709551615, in whole bits"},
	} {
		got, err := Parse(entry(policy, c.runtime), Env{Args: c.args})
		if err != nil {
			t.Error(err)
		} else if s := outcome(got); s != c.want {
			t.Errorf("got\n%s\nwant\n%s", s, c.want)
		}
	}
	if _, err := Parse(entry(`"policy":{"onInvalid":"ignore"},"egress":"delay"`, ""), Env{}); err == nil {
		t.Error("the conflist's own error is ignored")
	}
}

func profileNames() string {
	var names []string
	for _, p := range Profiles() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}
