// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"fmt"
	"strings"
	"testing"
)

const typicalKeys = `"capabilities":{"bandwidth":true,"io.kubernetes.cri.pod-annotations":true},` +
	`"egress":{"rate":"20mbit","delay":"40ms","jitter":"5ms","loss":"0.5%","rules":[` +
	`{"name":"dns","match":{"protocol":"udp","port":53}},` +
	`{"name":"payments","match":{"cidr":"10.0.5.0/24","port":"443"},"delay":"100ms"}]},` +
	`"ingress":"rate 50mbit delay 40ms 5ms","policy":{"maxDelay":"10s"},` +
	`"prevResult":{"cniVersion":"1.0.0","interfaces":[{"name":"veth75b937eb"},{"name":"eth0","sandbox":"/var/run/netns/x"}],"ips":[{"address":"10.88.0.5/16"}]}`

func benchParse(b *testing.B, stdin []byte, env Env) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(stdin, env); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseRate(b *testing.B) {
	benchParse(b, entry(`"egress":{"rate":"10mbit"},"ingress":{"rate":"10mbit"}`, ""), Env{})
}

func BenchmarkParseTypical(b *testing.B) {
	benchParse(b, entry(typicalKeys, annotate("tcni.dev/egress", "delay 50ms rate 10mbit")),
		Env{IfName: "eth0", Args: "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web"})
}

func BenchmarkParseYAML(b *testing.B) {
	benchParse(b, entry("", annotate("tcni.dev/egress", "delay: 50ms\nrules:\n- match: {port: 443}\n  loss: 1%\n")), Env{IfName: "eth0"})
}

func BenchmarkParseRules(b *testing.B) {
	for _, n := range []int{10, 1000, 5000} {
		var rules []string
		for i := range n {
			rules = append(rules, fmt.Sprintf(`{"name":"r%d","match":{"cidr":"10.%d.%d.0/24","port":443},"delay":"%dms"}`, i, i/256, i%256, i%7+1))
		}
		stdin := entry(`"egress":{"rules":[`+strings.Join(rules, ",")+`]}`, "")
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchParse(b, stdin, Env{}) })
	}
}

func BenchmarkParseIdentity(b *testing.B) {
	stdin := entry(typicalKeys, "")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseIdentity(stdin); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWords(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := ParseWords("delay 100ms 10ms 25% distribution normal loss 1% rate 20mbit"); err != nil {
			b.Fatal(err)
		}
	}
}
