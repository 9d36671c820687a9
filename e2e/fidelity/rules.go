// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"net/netip"
	"time"

	"tcni.dev/e2e/measure"
)

// severalRules has a class of each kind.
const severalRules = `{"delay": "10ms", "rules": [
  {"name": "open", "match": {"protocol": "udp", "port": 6053}},
  {"name": "far", "match": {"cidr": ["10.0.5.0/24", "fd00:5::/64"], "port": "6100-6199"}, "netem": "delay 100ms 10ms"},
  {"name": "lossy", "match": {"cidr": ["10.0.5.0/24", "fd00:5::/64"], "port": 6200}, "netem": "loss 2%"},
  {"name": "narrow", "match": {"cidr": "10.0.5.0/24", "port": 6300}, "netem": "rate 5mbit"}]}`

// oneDuplicates has a netem that duplicates beside another.
const oneDuplicates = `{"delay": "10ms", "rules": [
  {"match": {"cidr": "10.0.5.0/24", "port": 6200}, "netem": "duplicate 2%"}]}`

func ruleFamily() Family {
	return Family{Name: "rules", About: "Several rules at once, each under its own traffic, all at the same time.", Cases: []Case{
		{Name: "five classes", Words: severalRules, Measure: rules(false)},
		{Name: "five classes IPv6", Words: severalRules, Measure: rules(true)},
		{Name: "five classes ingress", Direction: Ingress, Words: severalRules, Measure: rules(false)},
		{Name: "duplication beside a delay", Words: oneDuplicates, Measure: duplicateRule, Error: "duplicat", ErrorBelow: 99000},
	}}
}

// rule is traffic that one rule takes.
type rule struct {
	name  string
	world string
	port  uint16
	send  udp
	judge func(l *Link, res measure.PacketResult) []Reading
}

var ruleTraffic = []rule{
	{"open", "payments", 6053, delayProbe, added(0)},
	{"far", "payments", 6150, udp{count: 2000, rate: 1000}, func(l *Link, res measure.PacketResult) []Reading {
		return []Reading{count("far: reordered", 0, res.Reordered, res.Received), count("far: lost", 0, res.Lost, res.Sent)}
	}},
	{"lossy", "payments", 6200, udp{count: 10000, rate: 5000, size: 1200, segments: 16}, func(l *Link, res measure.PacketResult) []Reading {
		return []Reading{share("lossy: loss", 0.02, res.Lost, res.Sent)}
	}},
	{"narrow", "payments", 6300, udp{count: 2400, rate: 1200, size: 1000}, func(l *Link, res measure.PacketResult) []Reading {
		return []Reading{within("narrow: rate", "Mbit/s", 5, 0.05, res.PacketsPerSecond*1042*8/1e6, res.Received)}
	}},
	{"rest", "catalogue", 6150, delayProbe, added(10)},
}

func added(asked float64) func(*Link, measure.PacketResult) []Reading {
	return func(l *Link, res measure.PacketResult) []Reading {
		got := ms(res.Delay.Median - l.Base.UDP4)
		name := "rest"
		if asked == 0 {
			name = "open"
		}
		return []Reading{within(name+": added", "ms", asked, 0.2+asked/100, got, res.Delay.N)}
	}
}

func rules(v6 bool) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		readings, errs := make([][]Reading, len(ruleTraffic)), make(chan error, len(ruleTraffic))
		for i, r := range ruleTraffic {
			go func() {
				u := r.send
				u.v6 = v6
				res, err := r.packets(ctx, l, u)
				readings[i] = r.judge(l, res)
				errs <- err
			}()
		}
		var out Measured
		var err error
		for range ruleTraffic {
			if e := <-errs; e != nil {
				err = e
			}
		}
		for i, r := range readings {
			if v6 && ruleTraffic[i].name == "narrow" {
				continue // its rule is for IPv4
			}
			out.Readings = append(out.Readings, r...)
		}
		return out, err
	}
}

// packets sends to the rule's world or, for ingress, from there with the rule's
// port as the source.
func (r rule) packets(ctx context.Context, l *Link, u udp) (measure.PacketResult, error) {
	at := map[string][2]string{"payments": {"10.0.5.10", "fd00:5::10"}, "catalogue": {"10.0.6.10", "fd00:6::10"}}[r.world]
	remote, local := netip.MustParseAddr(at[0]), l.addr4
	if u.v6 {
		remote, local = netip.MustParseAddr(at[1]), l.addr6
	}
	world := l.lab.World(r.world)
	opt := measure.PacketOptions{Count: l.packets(u.count), Rate: u.rate, Size: u.size, Segments: u.segments, Linger: 2 * time.Second}
	from, to, addr := l.Container, world, netip.AddrPortFrom(remote, r.port)
	if l.Case.Direction == Ingress {
		from, to, addr = world, l.Container, netip.AddrPortFrom(local, 0)
		opt.SourcePort = r.port
	}
	return measure.Packets(ctx, from, to, addr, opt)
}

func duplicateRule(ctx context.Context, l *Link) (Measured, error) {
	res, err := rule{world: "payments", port: 6200}.packets(ctx, l, single)
	if err != nil {
		return Measured{}, err
	}
	return Measured{Readings: []Reading{share("duplicated", 0.02, res.Duplicates, res.Sent)}}, nil
}
