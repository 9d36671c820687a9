// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

// rateMetric is the rate that a case is judged by.
const rateMetric = "rate"

// duration of a measurement of a rate: long enough that a packet is far less
// than 1 %.
func duration(mbit float64) time.Duration {
	return max(time.Second, time.Duration(float64(8*time.Second)/math.Sqrt(mbit)))
}

// warmup is what TCP is given to leave slow start, and to make up for what it
// lost with it: the guest is slow at that.
func warmup(mbit float64) time.Duration {
	return max(2*time.Second, time.Duration(float64(5*time.Second)/math.Sqrt(mbit)))
}

// tcpRate measures a TCP stream on the receiver's interface and at its socket.
// The rate is judged on the wire: what the socket gets stops with each packet
// that is lost, for as long as a full buffer in front of the rate takes, and
// makes up for it at once when that comes again. Where the queue is behind the
// interface, in the container, there is the socket only, and with plain netem,
// whose packets are not those of the wire.
func tcpRate(mbit float64, v6 bool) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		wire, res, err := tcpOnWire(ctx, l, mbit, v6)
		if err != nil {
			return Measured{}, err
		}
		got := measure.WireRate(res.BitsPerSecond, res.MSS, v6) / 1e6
		readings := []Reading{within(rateMetric, "Mbit/s", mbit, mbit/100, got, res.Segments())}
		if l.countsWire() {
			socket := readings[0].info()
			socket.Metric = "rate at the socket"
			readings = []Reading{within(rateMetric, "Mbit/s", mbit, mbit/100, wire, socket.N), socket}
			got = wire
		}
		return Measured{
			Readings: readings,
			Series:   []Series{{XLabel: "asked (Mbit/s)", YLabel: "measured (Mbit/s)", X: []float64{mbit}, Y: []float64{got}}},
		}, nil
	}
}

// countsWire tells whether the receiver's interface counts what passes the queue
// in packets of the wire.
func (l *Link) countsWire() bool {
	return l.Variant != netem && (l.Case.Placement != "container" || l.Case.Direction != Ingress)
}

// tcpOnWire runs a stream and counts what arrives on the wire, from the end of
// the warm-up on, in Mbit/s: the median of windows of 400 packets or more, since
// at the end of what it carries the guest cannot always keep a queue filled. The
// interface counts by itself: a tap would cost the guest too much.
func tcpOnWire(ctx context.Context, l *Link, mbit float64, v6 bool) (wire float64, res measure.GoodputResult, err error) {
	from, to := l.ends()
	done := make(chan error, 1)
	go func() {
		var err error
		res, err = measure.Goodput(ctx, from, to, l.target(v6), measure.GoodputOptions{Duration: duration(mbit), Warmup: warmup(mbit)})
		done <- err
	}()
	time.Sleep(warmup(mbit))
	windows := int(min(max(mbit*1e6/8/1514*duration(mbit).Seconds()/400, 1), 9))
	each := (duration(mbit) - 100*time.Millisecond) / time.Duration(windows)
	var rates []float64
	for range windows {
		rate, werr := arriving(to, each)
		rates, err = append(rates, rate), errors.Join(err, werr)
	}
	err = errors.Join(err, <-done)
	return measure.Summarise(rates).Median, res, err
}

// arriving is what arrives at a namespace's eth0 within a time, in Mbit/s.
func arriving(ns *lab.NS, within time.Duration) (float64, error) {
	first, err := received(ns, "eth0")
	begin := time.Now()
	time.Sleep(within)
	last, lerr := received(ns, "eth0")
	return float64(8*(last-first)) / time.Since(begin).Seconds() / 1e6, errors.Join(err, lerr)
}

// received is what an interface has received, in bytes with the Ethernet header.
func received(ns *lab.NS, dev string) (bytes int64, err error) {
	err = ns.Do(func() error {
		text, err := os.ReadFile("/proc/thread-self/net/dev")
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			name, counters, _ := strings.Cut(strings.TrimSpace(line), ":")
			if fields := strings.Fields(counters); name == dev && len(fields) > 0 {
				bytes, err = strconv.ParseInt(fields[0], 10, 64)
				return err
			}
		}
		return fmt.Errorf("no device %s", dev)
	})
	return bytes, err
}
