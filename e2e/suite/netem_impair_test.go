// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"net/netip"
	"testing"
	"time"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

// confidence of the intervals: a test may fail by chance once in 10^5 runs.
const confidence = 0.99999

// impairment is a direction in words, and how what it does to packets is told.
type impairment struct {
	words string
	check func(t *testing.T, r measure.PacketResult)
}

// share holds a part of the packets to a probability.
func share(of func(measure.PacketResult) int, want float64) func(*testing.T, measure.PacketResult) {
	return func(t *testing.T, r measure.PacketResult) {
		t.Helper()
		in := measure.Binomial(of(r), r.Sent, confidence)
		t.Logf("measured %.4f..%.4f, asked %.4f", in.Low, in.High, want)
		if !in.Contains(want) {
			t.Errorf("%d of %d, asked %.4f", of(r), r.Sent, want)
		}
	}
}

func lost(r measure.PacketResult) int       { return r.Lost }
func duplicates(r measure.PacketResult) int { return r.Duplicates }

var impairments = []impairment{
	{"loss 10%", share(lost, 0.1)},
	{"duplicate 20%", share(duplicates, 0.2)},
	{"corrupt 15%", share(lost, 0.15)}, // the receiver drops it
	{"loss 10% burst 5", func(t *testing.T, r measure.PacketResult) {
		t.Logf("lost %d of %d, mean burst %.2f", r.Lost, r.Sent, r.MeanLossBurst)
		if r.Lost < r.Sent/30 || r.Lost > r.Sent/4 || r.MeanLossBurst < 3 || r.MeanLossBurst > 8 {
			t.Error("want 10 % in bursts of 5")
		}
	}},
	{"delay 30ms 20ms distribution normal", func(t *testing.T, r measure.PacketResult) {
		t.Logf("delay %v..%v, mean %v, deviation %v, %d reordered", r.Delay.Min, r.Delay.Max, r.Delay.Mean, r.Delay.Stddev, r.Reordered)
		if r.Reordered > 0 || r.Lost > 0 || r.Delay.Max < 40*time.Millisecond {
			t.Error("want jitter that keeps the order")
		}
	}},
	{"delay 40ms reorder 25%", func(t *testing.T, r measure.PacketResult) {
		t.Logf("%d of %d reordered", r.Reordered, r.Sent)
		if r.Reordered < r.Sent/4 || r.Lost > 0 {
			t.Error("want a quarter sent at once")
		}
	}},
}

// TestNetemImpairments measures each of them in both directions.
func TestNetemImpairments(t *testing.T) {
	n := newNetwork(t, ptp)
	needNetem(t, n.Lab)
	before := n.snapshot()
	for i, imp := range impairments {
		place := placements[i%len(placements)]
		t.Run(imp.words+"/"+string(place), func(t *testing.T) {
			entry := lab.Conf{"placement": place, "egress": imp.words, "ingress": imp.words}
			n.ok(lab.ADD, entry) // in place of the one before
			n.ok(lab.CHECK, entry)
			for family, direction := range []string{"egress", "ingress"} {
				from, to, addr := n.ends(direction, n.World("payments"), family)
				res, err := measure.Packets(t.Context(), from, to, netip.AddrPortFrom(addr, 9000),
					measure.PacketOptions{Count: 1500, Rate: 1500, Linger: 600 * time.Millisecond})
				if err != nil {
					t.Fatal(err)
				}
				if res.ReceiverDropped > 0 {
					t.Errorf("the receiver dropped %d", res.ReceiverDropped)
				}
				imp.check(t, res)
			}
		})
	}
	n.ok(lab.DEL, nil)
	n.unchanged(before, "DEL")
}

// TestNetemRules gives each destination its own.
func TestNetemRules(t *testing.T) {
	n := newNetwork(t, ptp)
	needNetem(t, n.Lab)
	entry := lab.Conf{"placement": conf.PlaceAuto, "egress": lab.Conf{"delay": "150ms", "rules": []lab.Conf{
		{"match": lab.Conf{"protocol": []string{"icmp", "icmpv6"}, "cidr": []string{"10.0.5.0/24", "fd00:5::/64"}}, "delay": "60ms"},
		{"match": lab.Conf{"cidr": []string{"10.0.6.10", "fd00:6::10"}, "port": 9001}, "loss": "100%"},
		{"match": lab.Conf{"cidr": []string{"10.0.6.10", "fd00:6::10"}, "port": "9002-9009", "protocol": "udp"}},
	}}}
	n.ok(lab.ADD, entry)
	for family, to := range []netip.Addr{payments4, payments6} {
		wantDelay(t, "icmp to "+to.String(), 60*time.Millisecond, n.rtt(to, 3))
		for _, tt := range []struct {
			peer  string
			port  uint16
			lost  bool
			delay time.Duration
		}{{"payments", 9001, false, 150 * time.Millisecond}, {"catalogue", 9001, true, 0},
			{"catalogue", 9005, false, 0}, {"catalogue", 9010, false, 150 * time.Millisecond}} {
			_, peer, addr := n.ends("egress", n.World(tt.peer), family)
			at := netip.AddrPortFrom(addr, tt.port)
			if !tt.lost {
				wantDelay(t, at.String(), tt.delay, oneWay(t, n.container, peer, at))
				continue
			}
			res, err := measure.Packets(t.Context(), n.container, peer, at, measure.PacketOptions{Count: 10, Rate: 100})
			if err != nil || res.Lost != res.Sent {
				t.Errorf("%s: %d of %d lost, %v", at, res.Lost, res.Sent, err)
			}
		}
	}
	n.ok(lab.DEL, entry)
}
