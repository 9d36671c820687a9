// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"math"
	"net/netip"
	"time"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

// pod is a container of whatever runtime.
type pod struct {
	*node
	ns   *lab.NS
	addr netip.Addr
}

// Packets of 1000 bytes with their Ethernet header, as a rate counts them.
const payload = 1000 - 14 - 20 - 8

// rates measures both directions, in bit/s, and holds them to what was asked for within 5 %; 0 is
// not limited.
func (p pod) rates(egress, ingress float64) {
	p.t.Helper()
	p.rate("egress", p.ns, p.World("payments"), payments, egress, exact)
	p.rate("ingress", p.World("payments"), p.ns, p.addr, ingress, exact)
}

// pageRates holds both directions to what every page asks for.
func (p pod) pageRates() {
	p.t.Helper()
	p.rates(10e6, 16e6)
}

// weather is what a kernel with netem is asked for: little, since it may be an emulated one.
const weather = "delay 50ms rate 2mbit"

// inWeather holds egress to that. An emulated processor that others share may not keep up with the
// rate; that it is exact, the tests on the machine have shown.
func (p pod) inWeather() {
	p.t.Helper()
	p.delay(50 * time.Millisecond)
	p.rate("egress", p.ns, p.World("payments"), payments, 2e6, 0.5)
}

// line is a rate of which no shape of these tests lets half through.
const line = 40e6

// exact is the least part of a rate that is to arrive.
const exact = 0.95

func (p pod) rate(direction string, from, to *lab.NS, addr netip.Addr, want, least float64) {
	p.t.Helper()
	send, low, high := 2*want, least*want, 1.05*want
	if want == 0 {
		send, low, high = line, 0.6*line, math.Inf(1)
	}
	got := 0.0
	for range attempts {
		got = p.measure(from, to, addr, send)
		p.t.Logf("%s: asked %.1f Mbit/s, measured %.2f", direction, want/1e6, got/1e6)
		if got >= low && got <= high {
			break
		}
	}
	if got < low || got > high {
		p.t.Errorf("%s: %.2f Mbit/s, asked %.1f", direction, got/1e6, want/1e6)
	}
}

// attempts: a machine that is busy with other things makes traffic slower, never faster.
const attempts = 15

// measure sends at a rate, in bit/s, and returns that of what arrives.
func (p pod) measure(from, to *lab.NS, addr netip.Addr, rate float64) float64 {
	p.t.Helper()
	pps := rate / 8000
	res, err := measure.Packets(p.t.Context(), from, to, netip.AddrPortFrom(addr, 0), measure.PacketOptions{
		Count: int(pps / 2), Rate: pps, Size: payload, Linger: 600 * time.Millisecond,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return res.PacketsPerSecond * 8000
}

// delay holds the round trip to what was asked for: the least of ten, to which others only add.
func (p pod) delay(want time.Duration) {
	p.t.Helper()
	const more = 20 * time.Millisecond
	var least time.Duration
	for range attempts {
		if least = p.roundTrip(); least < want+more {
			break
		}
	}
	p.t.Logf("round trip: asked %v, measured %v", want, least)
	if least < want || least > want+more {
		p.t.Errorf("round trip is %v, asked %v", least, want)
	}
}

func (p pod) roundTrip() time.Duration {
	p.t.Helper()
	res, err := measure.Echo(p.t.Context(), p.ns, payments, measure.EchoOptions{Timeout: 3 * time.Second})
	if err != nil {
		p.t.Fatal(err)
	}
	if res.RTT.N == 0 {
		p.t.Fatal("no reply")
	}
	return res.RTT.Min
}
