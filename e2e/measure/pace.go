// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"context"
	"net/netip"
	"time"
)

// Packets of Throughput have 1000 bytes as a qdisc counts them, with the headers
// of Ethernet, IP and UDP.
const (
	throughputSize = 1000
	headers4       = 14 + 20 + 8
	headers6       = 14 + 40 + 8
)

// So many go in one call, so that a slow processor is the bottleneck of nothing.
const throughputSegments = 5

// How many packets are a sample of Throughput, a multiple of those of a call.
const (
	// OfBottleneck is for what holds packets back: the shorter a sample, the
	// fewer a processor that is taken away spoils. On an emulated one that is
	// away 200 ms of every 500, the median of samples of 5 packets was within
	// 0.5 % of the rate, that of 80 at 60 %. Pauses are not seen in it.
	OfBottleneck = throughputSegments
	// OfLine is for what lets all pass: the pace is the sender's, which is late
	// for most of its calls and makes up for it at once.
	OfLine = 20 * throughputSegments
)

// throughputTime is how long Throughput sends.
const throughputTime = 800 * time.Millisecond

// Throughput sends UDP at a rate, in bit/s of what a qdisc counts, for 0.8 s, and
// returns the pace of what arrives, in the same unit, of every so many packets: 100
// samples of 5, if it is half of 10 Mbit/s. Port 0 is any.
func Throughput(ctx context.Context, from, to Namespace, addr netip.AddrPort, offered float64, sample int) ([]float64, error) {
	headers := headers4
	if addr.Addr().Is6() {
		headers = headers6
	}
	pps := offered / 8 / throughputSize
	res, err := Packets(ctx, from, to, addr, PacketOptions{
		Count: int(pps * throughputTime.Seconds()), Rate: pps, Size: throughputSize - headers,
		Segments: throughputSegments, Linger: 700 * time.Millisecond,
	})
	if err != nil {
		return nil, err
	}
	rates := res.Paces(sample)
	for i := range rates {
		rates[i] *= 8 * throughputSize
	}
	return rates, nil
}

// Paces are the rates of arrival, in packets per second, in windows of so many
// packets (at least 2), one after the other; there is none for fewer packets.
//
// Arrivals have the kernel's stamps. A processor that is taken away, the
// sender's, the shaper's or the receiver's, spoils the one window that it
// happens in, however long it is, and the next, in which what waited comes at
// once: the median of the windows is that of a bottleneck while it has something
// to let through.
func (r PacketResult) Paces(window int) (paces []float64) {
	window = max(window, 2)
	for i := window; i < len(r.Arrivals); i += window {
		if d := r.Arrivals[i] - r.Arrivals[i-window]; d > 0 {
			paces = append(paces, float64(window)/d.Seconds())
		}
	}
	return paces
}

// leastSamples is what a median is of at least.
const leastSamples = 3

// Until repeats a measurement until the median of all samples of all rounds, 3 at
// least, is right, and returns that median and whether it is; after so many rounds
// it gives up.
//
// What is wrong in every sample never passes. What is wrong in a share of them,
// each by itself, passes with 10 rounds of 100 samples in 17 of 100 runs if that is
// 0.55, in 2 at 0.6, in none of 1000 at 0.65; with 10 samples a round in 27 at 0.6
// and in 6 at 0.7. A machine that spoils 0.45 of 100 samples a round, or 0.3 of 10,
// fails one run of 10,000.
func Until(rounds int, right func(median float64) bool, once func() ([]float64, error)) (median float64, ok bool, err error) {
	var all []float64
	for range rounds {
		samples, err := once()
		if err != nil {
			return median, false, err
		}
		all = append(all, samples...)
		if median = Summarise(all).Median; len(all) >= leastSamples && right(median) {
			return median, true, nil
		}
	}
	return median, false, nil
}

// Least repeats a measurement of a delay until the least so far is at most so
// long, and returns the least; after so many rounds it gives up. Others only ever
// add to a delay.
func Least(rounds int, most time.Duration, once func() (time.Duration, error)) (least time.Duration, err error) {
	for i := range rounds {
		d, err := once()
		if err != nil {
			return least, err
		}
		if i == 0 || d < least {
			least = d
		}
		if least <= most {
			break
		}
	}
	return least, nil
}
