// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"math"
	"net/netip"
	"sync/atomic"
	"testing"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

var ports atomic.Int64

// rate samples what a direction carries, in bit/s, of the traffic that is offered.
func rate(t *testing.T, from, to *lab.NS, addr netip.Addr, offered float64, sample int) ([]float64, error) {
	t.Helper()
	// A port of its own: the kernel closes the last measurement's a moment later.
	port := uint16(20_000 + ports.Add(1)%20_000)
	return measure.Throughput(t.Context(), from, to, netip.AddrPortFrom(addr, port), offered, sample)
}

// rounds of a measurement: see measure.Until for what they let pass.
const rounds = 10

// wantRateOf holds what one sends to another to a rate, within 1 %.
func wantRateOf(t *testing.T, what string, from, to *lab.NS, addr netip.Addr, asked float64) {
	t.Helper()
	got, ok, err := measure.Until(rounds, func(m float64) bool { return math.Abs(m-asked) <= 0.01*asked },
		func() ([]float64, error) { return rate(t, from, to, addr, 2*asked, measure.OfBottleneck) })
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: asked %.1f Mbit/s, measured %.2f", what, asked/1e6, got/1e6)
	if !ok {
		t.Errorf("%s: %.2f Mbit/s, asked %.1f", what, got/1e6, asked/1e6)
	}
}

// wantLineOf fails unless all that is sent arrives, at twice a rate.
func wantLineOf(t *testing.T, what string, from, to *lab.NS, addr netip.Addr, asked float64) {
	t.Helper()
	got, ok, err := measure.Until(rounds, func(m float64) bool { return m > 1.8*asked },
		func() ([]float64, error) { return rate(t, from, to, addr, 2*asked, measure.OfLine) })
	if err != nil {
		t.Fatal(err)
	}
	if !ok {
		t.Errorf("%s: %.2f Mbit/s of %.1f: it was to be left alone", what, got/1e6, 2*asked/1e6)
	}
}

// ends are sender, receiver and address of a direction; family 0 is IPv4.
func (n *network) ends(direction string, peer *lab.NS, family int) (from, to *lab.NS, addr netip.Addr) {
	if direction == "ingress" {
		return peer, n.container, n.addrs[family]
	}
	remote := map[string][]netip.Addr{"payments": {payments4, payments6}, "catalogue": {catalogue4, catalogue6}}
	return n.container, peer, remote[peer.Name][family]
}

// wantRate holds a direction to a rate.
func (n *network) wantRate(direction string, peer *lab.NS, family int, asked float64) {
	n.t.Helper()
	from, to, addr := n.ends(direction, peer, family)
	wantRateOf(n.t, direction+" "+addr.String(), from, to, addr, asked)
}

// wantLine holds that a direction is not shaped.
func (n *network) wantLine(direction string, asked float64) {
	n.t.Helper()
	from, to, addr := n.ends(direction, n.World("payments"), 0)
	wantLineOf(n.t, direction, from, to, addr, asked)
}

// TestRate measures both directions, both families and a rule, behind every
// chain. Where the bandwidth plugin is before us, the lower rate of the two
// holds.
func TestRate(t *testing.T) {
	each(t, func(t *testing.T, c chain, place conf.Placement) {
		n := newNetwork(t, c)
		slow := []lab.Conf{{"match": lab.Conf{"port": "20000-39999", "cidr": []string{"10.0.6.0/24", "fd00:6::/64"}}, "rate": "4mbit"}}
		n.ok(lab.ADD, lab.Conf{
			"placement": place,
			"egress":    lab.Conf{"rate": "10mbit", "rules": slow},
			"ingress":   lab.Conf{"rate": "16mbit"},
		})
		for family := range 2 {
			n.wantRate("egress", n.World("payments"), family, 10e6)
			n.wantRate("ingress", n.World("payments"), family, 16e6)
		}
		if c.veth { // a macvlan does not reach the node, which is the gateway
			n.wantRate("egress", n.World("catalogue"), 0, 4e6)
			n.wantRate("egress", n.World("catalogue"), 1, 4e6)
		}
	})
}

// TestRateOneDirection leaves the other alone.
func TestRateOneDirection(t *testing.T) {
	for _, place := range placements {
		t.Run(string(place), func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t, ptp)
			const line = 40e6 // that no shape is in the way is seen at this rate
			n.ok(lab.ADD, lab.Conf{"placement": place, "egress": "rate 8mbit"})
			n.wantRate("egress", n.World("payments"), 0, 8e6)
			n.wantLine("ingress", line)
			n.ok(lab.ADD, lab.Conf{"placement": place, "ingress": "rate 8mbit"})
			n.wantRate("ingress", n.World("payments"), 0, 8e6)
			n.wantLine("egress", line)
		})
	}
}
