// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"maps"
	"net/netip"

	"tcni.dev/e2e/lab"
)

// fourRules is a direction with an impairment of its own and four rules; each
// of the five is a class.
func fourRules(impairments [5]lab.Conf) lab.Conf {
	rules := []lab.Conf{
		{"name": "dns", "match": lab.Conf{"protocol": "udp", "port": 53}},
		{"name": "payments", "match": lab.Conf{"cidr": "10.0.5.0/24", "protocol": "tcp", "port": "443"}},
		{"name": "catalogue", "match": lab.Conf{"cidr": "10.0.6.0/24"}},
		{"name": "west", "match": lab.Conf{"cidr": "fd00:5::/64"}},
	}
	for i, rule := range rules {
		maps.Copy(rule, impairments[i])
	}
	direction := impairments[len(rules)]
	direction["rules"] = rules
	return direction
}

// bothWays is an entry of ours with the same direction twice.
func bothWays(direction func() lab.Conf) entry {
	return entry{ours, lab.Conf{"egress": direction(), "ingress": direction()}}
}

// fourRates needs no netem.
func fourRates() lab.Conf {
	return fourRules([5]lab.Conf{{"rate": "1mbit"}, {"rate": "5mbit"}, {"rate": "2mbit"}, {"rate": "4mbit"}, {"rate": "20mbit"}})
}

// fourNetems is a network of some weather.
func fourNetems() lab.Conf {
	return fourRules([5]lab.Conf{
		{"delay": "20ms"},
		{"delay": "100ms", "jitter": "10ms"},
		{"delay": "30ms", "loss": "1%"},
		{"delay": "80ms", "loss": "0.1%", "rate": "5mbit"},
		{"delay": "40ms", "jitter": "5ms", "loss": "0.5%", "rate": "20mbit"},
	})
}

// rulePort is the remote port of every rule of manyRules.
const rulePort = 4242

// manyRules is a direction with a rate from which n destinations are excepted:
// what an administrator writes who exempts a list of networks. The rules share
// the unshaped class, so that what grows is the classifier alone.
func manyRules(n int, rate string) lab.Conf {
	rules := make([]lab.Conf, n)
	for i := range rules {
		rules[i] = lab.Conf{"match": lab.Conf{"cidr": ruleNet(i).String(), "protocol": "udp", "port": rulePort}}
	}
	return lab.Conf{"rate": rate, "rules": rules}
}

// ruleNet is the network of rule i: 10.100.0.0/24 and those behind it.
func ruleNet(i int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(100 + i>>8), byte(i), 0}), 24)
}

// ruleCounts is how many rules things are measured with.
var ruleCounts = []int{10, 100, 1000, 5000}

// maxRules lets a configuration have them: policy's own bound is lower.
const maxRules = 65535
