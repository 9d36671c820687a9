// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

// tight is what a processor, perhaps an emulated one that others share, adds to
// the packet that waited least.
const tight = 10 * time.Millisecond

// first sends one echo request, the first packet since the neighbour tables
// were emptied, and returns its round-trip time.
func (n *network) first(to netip.Addr) func() (time.Duration, error) {
	return func() (time.Duration, error) {
		for _, ns := range []*lab.NS{n.container, n.Node, n.World("payments"), n.World("catalogue")} {
			if _, err := ns.Output(n.t.Context(), "ip", "neigh", "flush", "all"); err != nil {
				return 0, err
			}
		}
		return n.rtt(to, 1)()
	}
}

// rtt is the least of some round trips.
func (n *network) rtt(to netip.Addr, count int) func() (time.Duration, error) {
	return func() (time.Duration, error) {
		res, err := measure.Echo(n.t.Context(), n.container, to, measure.EchoOptions{Count: count, Timeout: 2 * time.Second})
		if err == nil && res.Lost() > 0 {
			err = fmt.Errorf("%d of %d echo requests to %s are lost", res.Lost(), res.Sent, to)
		}
		return res.RTT.Min, err
	}
}

// oneWay is the least delay of some packets.
func oneWay(t *testing.T, from, to *lab.NS, addr netip.AddrPort) func() (time.Duration, error) {
	return func() (time.Duration, error) {
		res, err := measure.Packets(t.Context(), from, to, addr, measure.PacketOptions{Count: 20, Rate: 100})
		if err == nil && res.Lost > 0 {
			err = fmt.Errorf("%d of %d packets to %s are lost", res.Lost, res.Sent, addr)
		}
		return res.Delay.Min, err
	}
}

// wantDelay holds the least of a delay, measured until it is as asked, to that:
// a machine that takes processors away adds to some packets, never takes from
// one; what delays all of them is seen in every round.
func wantDelay(t *testing.T, what string, asked time.Duration, once func() (time.Duration, error)) {
	t.Helper()
	got, err := measure.Least(rounds, asked+tight, once)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	t.Logf("%s: asked %v, measured %v", what, asked, got)
	if got < asked-time.Millisecond || got > asked+tight {
		t.Errorf("%s: %v, want %v", what, got, asked)
	}
}

// TestNetemDelay has each direction's delay from the first packet on, without
// address resolution paying it too, and none for a destination that has none.
func TestNetemDelay(t *testing.T) {
	needNetem(t, newNetwork(t, ptp).Lab)
	for _, c := range chains {
		for _, place := range placements {
			if !c.can(place) {
				continue
			}
			t.Run(c.name+"/"+string(place), func(t *testing.T) {
				n := newNetwork(t, c)
				before := n.snapshot()
				free := []lab.Conf{{"match": lab.Conf{"cidr": []string{"10.0.6.0/24", "fd00:6::/64"}}}}
				entry := lab.Conf{
					"placement": place,
					"egress":    lab.Conf{"delay": "100ms", "rules": free},
					"ingress":   lab.Conf{"delay": "60ms", "rules": free},
				}
				n.ok(lab.ADD, entry)
				for _, to := range []netip.Addr{payments4, payments6} {
					wantDelay(t, "first packet to "+to.String(), 160*time.Millisecond, n.first(to))
					wantDelay(t, "packets to "+to.String(), 160*time.Millisecond, n.rtt(to, 3))
				}
				if c.veth { // a macvlan does not reach the node, which is the gateway
					for _, to := range []netip.Addr{catalogue4, catalogue6} {
						wantDelay(t, "first packet to "+to.String(), 0, n.first(to))
					}
				}
				n.ok(lab.CHECK, entry)
				n.ok(lab.DEL, entry)
				n.unchanged(before, "DEL")
				wantDelay(t, "after DEL", 0, n.rtt(payments4, 3))
			})
		}
	}
}

// TestNetemOneDirection measures one-way delays.
func TestNetemOneDirection(t *testing.T) {
	n := newNetwork(t, ptp)
	needNetem(t, n.Lab)
	for _, place := range placements {
		for _, direction := range []string{"egress", "ingress"} {
			t.Run(string(place)+"/"+direction, func(t *testing.T) {
				n.ok(lab.ADD, lab.Conf{"placement": place, direction: "delay 80ms"})
				for _, d := range []string{"egress", "ingress"} {
					asked := time.Duration(0)
					if d == direction {
						asked = 80 * time.Millisecond
					}
					from, to, addr := n.ends(d, n.World("payments"), 0)
					wantDelay(t, d, asked, oneWay(t, from, to, netip.AddrPortFrom(addr, 0)))
				}
			})
		}
	}
	n.ok(lab.DEL, nil)
}
