// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// leaves are the classes below the link, and the link.
func leaves(p *plan.Plan) (link tc.HTBClass, below []tc.HTBClass) {
	for _, o := range p.Trees[0].Objects {
		if c, ok := o.(tc.Class); ok && c.Parent != plan.Root {
			below = append(below, c.HTB)
		} else if ok && c.Handle != plan.Unshaped {
			link = c.HTB
		}
	}
	return link, below
}

// TestSharesFitTheLink holds that what classes are assured, and send at once
// because of it, is together no more than the link's.
func TestSharesFitTheLink(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		n := 1 + r.IntN(80)
		rate := tc.Rate(8 * (n + 1) << r.IntN(30))
		var rules []string
		for i := range n {
			rules = append(rules, fmt.Sprintf(`{"match":{"port":%d},"delay":"%dms"}`, i+1, i+1))
		}
		egress := fmt.Sprintf(`{"rate":"%v","rules":[%s]}`, rate, strings.Join(rules, ","))
		link, below := leaves(planOf(t, []byte(egress)))
		var sum tc.Rate
		var burst tc.Size
		for _, c := range below {
			sum, burst = sum+c.Rate, burst+c.Burst
		}
		if len(below) != n+1 || sum > link.Rate || burst > link.Burst {
			t.Errorf("%v and %d rules: %d classes are assured %v, and %v at once, of %v and %v", rate, n, len(below), sum, burst, link.Rate, link.Burst)
		}
	}
}

// TestDebtIsTold holds the warning to rates that HTB does not hold so many
// classes to.
func TestDebtIsTold(t *testing.T) {
	for rate, told := range map[string]bool{"64kbit": false, "7kbit": false, "6kbit": true, "64bit": true} {
		var rules []string
		for i := range 30 {
			rules = append(rules, fmt.Sprintf(`{"match":{"port":%d},"delay":"%dms"}`, i+1, i+1))
		}
		p := planOf(t, []byte(fmt.Sprintf(`{"rate":"%s","rules":[%s]}`, rate, strings.Join(rules, ","))))
		if got := strings.Contains(strings.Join(p.Warnings, "\n"), "pass in place of "+rate); got != told {
			t.Errorf("%s: told %v: %q", rate, got, p.Warnings)
		}
	}
}
