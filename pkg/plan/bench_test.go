// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"tcni.dev/conf"
	"tcni.dev/pkg/plan"
)

// benchBuild plans a direction, given as JSON, for both ways.
func benchBuild(b *testing.B, direction string) {
	b.Helper()
	stdin := fmt.Sprintf(`{"cniVersion":"1.0.0","name":"n","type":"tcni","policy":{"maxRules":65535},"egress":%s,"ingress":%[1]s}`, direction)
	c, err := conf.Parse([]byte(stdin), conf.Env{IfName: "eth0"})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := plan.Build(c.Shape, facts()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuildRate(b *testing.B) { benchBuild(b, `{"rate":"20mbit"}`) }

func BenchmarkBuildFour(b *testing.B) {
	benchBuild(b, `{"rate":"20mbit","delay":"40ms","jitter":"5ms","loss":"0.5%","rules":[`+
		`{"match":{"protocol":"udp","port":53},"delay":"20ms"},`+
		`{"match":{"cidr":"10.0.5.0/24","protocol":"tcp","port":443},"delay":"100ms","jitter":"10ms"},`+
		`{"match":{"cidr":"10.0.6.0/24"},"delay":"30ms","loss":"1%"},`+
		`{"match":{"cidr":"fd00:5::/64"},"delay":"80ms","loss":"0.1%","rate":"5mbit"}]}`)
}

func BenchmarkBuildRules(b *testing.B) {
	for _, n := range []int{10, 1000, 4000} {
		var rules []string
		for i := range n {
			rules = append(rules, fmt.Sprintf(`{"match":{"cidr":"10.%d.%d.0/24","protocol":"udp","port":4242},"delay":"%dms"}`, i>>8, i&255, i%7+1))
		}
		direction := `{"rules":[` + strings.Join(rules, ",") + `]}`
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchBuild(b, direction) })
	}
}
