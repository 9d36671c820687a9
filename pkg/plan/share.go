// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"

	"tcni.dev/conf"
	"tcni.dev/pkg/tc"
)

// longestDebt is how long HTB lets a class owe for a packet (mbuffer in
// net/sched/sch_htb.c): then the next one goes, whatever the rate.
const longestDebt = 60 * tc.Second

// guaranteed is what a class is assured before all others: a rate below its
// ceil.
func guaranteed(i conf.Impairment) tc.Rate {
	if i.Ceil == 0 || i.Framing.NetemOnly() {
		return 0
	}
	return i.Rate
}

// share is what each class without a guarantee is assured: an equal part of
// what the guarantees leave. The sum of all is then never more than the link
// carries, which HTB would hand out. Where nothing is left it is the least rate
// that there is.
func (b *builder) share() (tc.Rate, error) {
	left, n := b.linkRate(), tc.Rate(0)
	for _, c := range b.classes {
		if g := guaranteed(c.Impairment); g != 0 {
			left -= g
		} else {
			n++
		}
	}
	if left < 0 {
		return 0, fmt.Errorf("rules: the rates that are assured (those with a ceil) are %v more than the direction's %v", -left, b.linkRate())
	}
	if n == 0 {
		return 0, nil
	}
	return max(left/n&^7, tc.MinRate), nil
}

// warnDebt says that classes get more than the link's rate together because HTB
// does not hold each to its own.
func (b *builder) warnDebt(leaves []tc.HTBClass) {
	link, least, sum := b.linkRate(), tc.RateOf(b.frame(), longestDebt), tc.Rate(0)
	for _, l := range leaves {
		sum += max(l.Rate, least)
	}
	if link != unlimited && sum > link+link/100 {
		b.plan.warn("%s: HTB sends a packet of each of %d distinct impairments once in %v: when all are busy, up to %v pass in place of %v",
			b.direction, len(leaves), longestDebt, sum, link)
	}
}
