// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"math"
	"time"
)

// defaultBurst is the burst of 10 Mbit/s where none is asked for: 4 ms of the
// rate, in bytes.
const defaultBurst = 5000

func rateFamily() Family {
	f := Family{Name: "rate", About: "Rates on the wire (Ethernet header included, or what the framing asks), in Mbit/s, and the burst after an idle time. Right within 1 %."}
	for _, r := range []struct {
		words string
		mbit  float64
	}{{"1mbit", 1}, {"10mbit", 10}, {"100mbit", 100}, {"250mbit", 250}} {
		words := "rate " + r.words
		f.Cases = append(f.Cases, Case{Name: "TCP", Words: words, Plain: words, Measure: tcpRate(r.mbit, false)})
	}
	f.Cases = append(f.Cases, highRates()...)
	const ten = "rate 10mbit"
	f.Cases = append(f.Cases,
		Case{Name: "TCP IPv6", Words: ten, Plain: ten, Measure: tcpRate(10, true)},
		Case{Name: "TCP ingress", Direction: Ingress, Words: ten, Plain: ten, Measure: tcpRate(10, false)},
		Case{Name: "TCP ingress, placement container", Direction: Ingress, Placement: "container", Words: ten, Plain: ten, Measure: tcpRate(10, false)},
		Case{Name: "TCP egress, placement host", Placement: "host", Words: ten, Plain: ten, Measure: tcpRate(10, false)},
		Case{Name: "TCP with a delay", Words: "rate 20mbit delay 40ms", Plain: "rate 20mbit delay 40ms", Measure: tcpRate(20, false)},
		Case{Name: "UDP GSO", Words: ten, Plain: ten, Measure: pace(10, wire)},
		Case{Name: "overhead 20", Words: "rate 10mbit overhead 20", Plain: "rate 10mbit 20", Measure: pace(10, func(n float64) float64 { return n + 20 })},
		Case{Name: "overhead -14", Words: "rate 10mbit overhead -14", Plain: "rate 10mbit -14", Measure: pace(10, func(n float64) float64 { return n - 14 })},
		Case{Name: "ATM cells by HTB", Words: "rate 10mbit linklayer atm", Measure: pace(10, cells(48, 5))},
		Case{Name: "cells by netem", Words: "rate 10mbit cellsize 64 celloverhead 5", Plain: "rate 10mbit 0 64 5", Measure: pace(10, cells(64, 5))},
		Case{Name: "burst by default", Words: ten, Plain: ten, Measure: burst(10, defaultBurst)},
		Case{Name: "burst 15kb", Words: "rate 10mbit burst 15kb", Plain: ten, Measure: burst(10, 15*1024)},
		Case{Name: "what the guest carries", Words: "rate 10gbit", Measure: capacity},
		Case{Name: "what the guest carries in packets of the wire", Words: "rate 1gbit", Plain: "rate 1gbit", Measure: capacity},
	)
	return f
}

func wire(n float64) float64 { return n }

func cells(size, overhead float64) func(float64) float64 {
	return func(n float64) float64 { return math.Ceil(n/size) * (size + overhead) }
}

func capacity(ctx context.Context, l *Link) (Measured, error) {
	m, err := tcpRate(10000, false)(ctx, l)
	for i := range m.Readings {
		m.Readings[i] = m.Readings[i].info()
	}
	m.Series = nil
	return m, err
}

// pace sends twice the rate in packets of one size, and judges the pace of what
// arrives by what a packet is to count.
func pace(mbit float64, framed func(float64) float64) Measurement {
	const payload = 1000
	return func(ctx context.Context, l *Link) (Measured, error) {
		each := framed(payload+42) * 8
		fits := mbit * 1e6 / each
		res, err := udp{count: int(2 * fits * duration(mbit).Seconds()), rate: 2 * fits, size: payload, segments: 8}.packets(ctx, l)
		if err != nil {
			return Measured{}, err
		}
		return Measured{Readings: []Reading{within(rateMetric, "Mbit/s", mbit, mbit/100, res.PacketsPerSecond*each/1e6, res.Received)}}, nil
	}
}

// burst sends 60 packets at once after an idle time: what has arrived at any
// time beyond the rate is the burst. HTB lets a packet pass for which it has
// any token left: one more than the burst is right, and what the rate carries
// while they pass.
func burst(mbit, asked float64) Measurement {
	const payload, frame = 1000, 1042
	return func(ctx context.Context, l *Link) (Measured, error) {
		time.Sleep(time.Second)
		res, err := udp{count: 60, rate: -1, size: payload, segments: 60}.packets(ctx, &Link{
			Container: l.Container, Node: l.Node, World: l.World, Case: l.Case, addr4: l.addr4, port: l.port, Scale: 1})
		if err != nil {
			return Measured{}, err
		}
		largest, arrived := 0.0, 0.0
		s := Series{XLabel: "after the first packet (ms)", YLabel: "arrived (bytes)"}
		for _, d := range res.Delays {
			if d >= 0 {
				at := ms(d - res.Delays[0])
				arrived += frame
				largest = max(largest, arrived-mbit*1e6/8*at/1000)
				s.X, s.Y = append(s.X, at), append(s.Y, arrived)
			}
		}
		return Measured{
			Readings: []Reading{within("burst", "bytes", asked, frame+asked/100, largest, res.Received), count("lost", 0, res.Lost, res.Sent)},
			Series:   []Series{s},
		}, nil
	}
}
