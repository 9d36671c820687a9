// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"net/netip"
	"time"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

const (
	// pings to each service, pingInterval apart.
	pings        = 40
	pingInterval = 25 * ms

	// Apart by twice the jitter or more, packets do not wait for each other to
	// keep their order, which would add to the delay.
	delayPackets = 150
	delayRate    = 100 // packets per second

	// Small packets, far below any rate that is asked for. None may be lost of
	// the freePackets that are sent where no loss is asked for.
	lossPackets, lossRate, lossSize = 2000, 3000, 100
	freePackets                     = 600

	// frame is the length of the frames that UDP throughput is measured with, in
	// bits; overload of a rate is offered for udpTime.
	frame    = 1400 * 8
	overload = 1.25
	udpTime  = 800 * ms
	// freeOffer is offered where no rate is asked for: all of it must arrive.
	freeOffer = 45e6

	// A stream with a rate is measured after the first losses of slow start, and
	// for so long that the next ones, which hold data back and then deliver it
	// at once, matter little.
	rateWarmup, rateTime = 1000 * ms, 2000 * ms
	// One without is fast, and ends after freeBytes: emulated, each costs time.
	// It has come up to speed after freeTrips round trips.
	freeTrips, freeBytes = 6, 4 << 20
)

// link is a path between two namespaces.
type link struct {
	container, service *lab.NS
	// Addresses of the ends.
	local, remote netip.Addr
	// rtt is the median round trip.
	rtt time.Duration
}

// trips pings the service.
func (l link) trips(ctx context.Context) (measure.EchoResult, error) {
	return measure.Echo(ctx, l.container, l.remote,
		measure.EchoOptions{Count: pings, Interval: pingInterval, Timeout: 300 * ms})
}

func (l link) egress(ctx context.Context, asked Asked) (Direction, error) {
	return direction{l, l.container, l.service, l.remote, false}.measure(ctx, asked)
}

func (l link) ingress(ctx context.Context, asked Asked) (Direction, error) {
	return direction{l, l.service, l.container, l.local, true}.measure(ctx, asked)
}

// direction of a link that packets take.
type direction struct {
	link     link
	from, to *lab.NS
	addr     netip.Addr // of to
	reverse  bool
}

// measure takes one thing after the other, so that none is in the other's way.
func (d direction) measure(ctx context.Context, asked Asked) (got Direction, err error) {
	late, err := d.packets(ctx, measure.PacketOptions{Count: delayPackets, Rate: delayRate})
	if err != nil {
		return got, err
	}
	got.Delay = late.Delay
	many, err := d.lossAndRate(ctx, asked, &got)
	if err != nil {
		return got, err
	}
	got.Sent, got.Lost, got.Loss = many.Sent, many.Lost, many.Loss(confidence)
	got.TCP, err = d.stream(ctx, asked.Rate)
	return got, err
}

// lossAndRate measures loss below the rate and the rate above it, or both at
// once where there is none.
func (d direction) lossAndRate(ctx context.Context, asked Asked, got *Direction) (measure.PacketResult, error) {
	if asked.Rate == 0 {
		res, err := d.flood(ctx, freeOffer, freePackets)
		got.UDP = res.PacketsPerSecond * frame
		return res, err
	}
	few := measure.PacketOptions{Count: freePackets, Rate: lossRate, Size: lossSize}
	if asked.Loss > 0 {
		few.Count = lossPackets
	}
	res, err := d.packets(ctx, few)
	if err != nil {
		return res, err
	}
	offer := overload * asked.Rate
	flood, err := d.flood(ctx, offer, int(offer/frame*udpTime.Seconds()))
	got.UDP = flood.PacketsPerSecond * frame
	return res, err
}

// stream has the container connect in both directions, as a shop would.
func (d direction) stream(ctx context.Context, rate float64) (float64, error) {
	opt := measure.GoodputOptions{Duration: rateTime, Warmup: rateWarmup, Reverse: d.reverse}
	if rate == 0 {
		opt.Warmup, opt.Bytes = freeTrips*d.link.rtt+20*ms, freeBytes
	}
	res, err := measure.Goodput(ctx, d.link.container, d.link.service, netip.AddrPortFrom(d.link.remote, 0), opt)
	return measure.WireRate(res.BitsPerSecond, res.MSS, false), err
}

// flood offers a rate in bit/s, for count frames.
func (d direction) flood(ctx context.Context, offer float64, count int) (measure.PacketResult, error) {
	const headers = 14 + 20 + 8
	return d.packets(ctx, measure.PacketOptions{Count: count, Rate: offer / frame, Size: frame/8 - headers})
}

func (d direction) packets(ctx context.Context, opt measure.PacketOptions) (measure.PacketResult, error) {
	opt.Linger = 300 * time.Millisecond // three times the longest delay that is asked for
	return measure.Packets(ctx, d.from, d.to, netip.AddrPortFrom(d.addr, 0), opt)
}
