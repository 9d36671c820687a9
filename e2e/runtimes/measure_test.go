// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"errors"
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

// rates measures both directions, in bit/s, and holds them to what was asked for within 2 %; 0 is
// not limited.
func (p pod) rates(egress, ingress float64) {
	p.t.Helper()
	p.rate("egress", p.ns, p.World("payments"), payments, egress)
	p.rate("ingress", p.World("payments"), p.ns, p.addr, ingress)
}

// pageRates holds both directions to what every page asks for.
func (p pod) pageRates() {
	p.t.Helper()
	p.rates(10e6, 16e6)
}

// weather is what a kernel with netem is asked for: little, since it may be an emulated one.
const weather = "delay 50ms rate 2mbit"

// inWeather holds egress to that.
func (p pod) inWeather() {
	p.t.Helper()
	p.delay(50 * time.Millisecond)
	p.rate("egress", p.ns, p.World("payments"), payments, 2e6)
}

// line is a rate of which no shape of these tests lets half through.
const line = 40e6

func (p pod) rate(direction string, from, to *lab.NS, addr netip.Addr, want float64) {
	p.t.Helper()
	offered, low, high, sample := 2*want, 0.98*want, 1.02*want, measure.OfBottleneck
	if want == 0 {
		offered, low, high, sample = line, 0.6*line, math.Inf(1), measure.OfLine
	}
	got, ok, err := measure.Until(rounds, func(m float64) bool { return m >= low && m <= high },
		func() ([]float64, error) {
			return measure.Throughput(p.t.Context(), from, to, netip.AddrPortFrom(addr, 0), offered, sample)
		})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Logf("%s: asked %.1f Mbit/s, measured %.2f", direction, want/1e6, got/1e6)
	if !ok {
		p.t.Errorf("%s: %.2f Mbit/s, asked %.1f", direction, got/1e6, want/1e6)
	}
}

// rounds of a measurement: see measure.Until for what they let pass.
const rounds = 15

// tight is what a processor, perhaps an emulated one that others share, adds to
// the packet that waited least.
const tight = 10 * time.Millisecond

// delay holds the least round trip to what was asked for.
func (p pod) delay(want time.Duration) {
	p.t.Helper()
	least, err := measure.Least(rounds, want+tight, func() (time.Duration, error) {
		res, err := measure.Echo(p.t.Context(), p.ns, payments, measure.EchoOptions{Timeout: 3 * time.Second})
		if err == nil && res.RTT.N == 0 {
			err = errors.New("no reply")
		}
		return res.RTT.Min, err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Logf("round trip: asked %v, measured %v", want, least)
	if least < want || least > want+tight {
		p.t.Errorf("round trip is %v, asked %v", least, want)
	}
}
