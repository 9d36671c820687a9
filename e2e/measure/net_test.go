// SPDX-License-Identifier: Apache-2.0

package measure_test

import (
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
	"tcni.dev/e2e/measure"
)

var (
	payments4 = netip.MustParseAddr("10.0.5.10")
	payments6 = netip.MustParseAddr("fd00:5::10")
)

// network is a container behind a chain of ptp and further plugins, and a world.
type network struct {
	*lab.Lab
	container, world *lab.NS
}

func newNetwork(t *testing.T, more ...lab.Conf) network {
	t.Helper()
	l := labtest.NewReference(t, lab.Options{Worlds: lab.DefaultWorlds()})
	c := labtest.Container(t, l, "web")
	list, err := lab.Conflist("measured", "1.0.0", append([]lab.Conf{lab.PTP()}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Add(t.Context(), list, c.Attach()); err != nil {
		t.Fatal(err)
	}
	return network{l, c, l.World("payments")}
}

func TestEcho(t *testing.T) {
	n := newNetwork(t)
	for _, to := range []netip.Addr{payments4, payments6} {
		res, err := measure.Echo(t.Context(), n.container, to, measure.EchoOptions{Interval: 5 * time.Millisecond, DSCP: 46})
		if err != nil {
			t.Fatal(err)
		}
		if res.Received != 10 || res.Duplicates != 0 || res.RTT.Min <= 0 || res.RTT.Median > 20*time.Millisecond {
			t.Errorf("%s: %+v", to, res)
		}
		t.Logf("%s: rtt min %v, median %v, max %v", to, res.RTT.Min, res.RTT.Median, res.RTT.Max)
	}
	res, err := measure.Echo(t.Context(), n.container, netip.MustParseAddr("10.0.5.99"),
		measure.EchoOptions{Count: 2, Timeout: 50 * time.Millisecond})
	if err != nil || res.Lost() != 2 {
		t.Errorf("nobody answers: %+v, %v", res, err)
	}
}

func TestPacketsClean(t *testing.T) {
	n := newNetwork(t)
	for name, opt := range map[string]measure.PacketOptions{
		"plain":   {Count: 2000, Rate: 20_000, DSCP: 10, SourcePort: 7777},
		"GSO":     {Count: 2000, Rate: -1, Size: 1000, Segments: 40},
		"no sum":  {Count: 500, Rate: -1, NoChecksum: true},
		"tap":     {Count: 500, Rate: 10_000, Tap: &measure.Tap{Namespace: n.world, Interface: "eth0", Direction: measure.Incoming}},
		"tap GSO": {Count: 500, Rate: -1, Size: 1000, Segments: 40, Tap: &measure.Tap{Namespace: n.container, Interface: "eth0", Direction: measure.Outgoing}},
	} {
		for _, to := range []netip.Addr{payments4, payments6} {
			res, err := measure.Packets(t.Context(), n.container, n.world, netip.AddrPortFrom(to, 9000), opt)
			if err != nil {
				t.Fatalf("%s to %s: %v", name, to, err)
			}
			if res.Sent != opt.Count || res.Lost+res.Duplicates+res.Reordered+res.Corrupted+res.ReceiverDropped != 0 {
				res.Delays = nil
				t.Errorf("%s to %s: %+v", name, to, res)
			}
			t.Logf("%s to %s: one-way median %v, p99 %v", name, to, res.Delay.Median, res.Delay.P99)
		}
	}
}

func (n network) node(t *testing.T, cmd string) {
	t.Helper()
	args := strings.Fields(cmd)
	if _, err := n.Node.Output(t.Context(), args[0], args[1:]...); err != nil {
		t.Fatal(err)
	}
}

// TestExactLoss has netfilter drop every tenth packet, as this needs no netem.
func TestExactLoss(t *testing.T) {
	n := newNetwork(t)
	n.node(t, "iptables -A FORWARD -p udp -m statistic --mode nth --every 10 --packet 0 -j DROP")
	res, err := measure.Packets(t.Context(), n.container, n.world, netip.AddrPortFrom(payments4, 9000),
		measure.PacketOptions{Count: 1000, Rate: 20_000, Linger: 200 * time.Millisecond})
	if err != nil || res.Lost != 100 || res.LossBursts != 100 || res.MeanLossBurst != 1 {
		t.Errorf("every tenth dropped: %d lost in %d bursts, %v", res.Lost, res.LossBursts, err)
	}
	if !res.Loss(0.999).Contains(0.1) {
		t.Errorf("interval %v", res.Loss(0.999))
	}
}

// TestGoodput holds what is measured against what the reference bandwidth plugin was told.
func TestGoodput(t *testing.T) {
	const ingress, egress = 50e6, 20e6
	// The plugin's queue is 25 ms and the burst: with a small one TCP does not fill the link.
	n := newNetwork(t, lab.Bandwidth(ingress, 4e6, egress, 4e6))
	for _, tc := range []struct {
		name    string
		to      netip.Addr
		reverse bool
		want    float64
	}{
		{"egress", payments4, false, egress},
		{"egress v6", payments6, false, egress},
		{"ingress", payments4, true, ingress},
		{"ingress v6", payments6, true, ingress},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var off float64
			for range goodputTries {
				if off = n.goodputOff(t, tc.to, tc.reverse, tc.want); off <= 0.05 {
					return
				}
			}
			t.Errorf("off by %.1f %%", 100*off)
		})
	}
}

// goodputTries are made because a busy machine sends less than it may.
const goodputTries = 8

// goodputOff measures TCP, and returns by which share of it a rate on the wire is missed.
func (n *network) goodputOff(t *testing.T, to netip.Addr, reverse bool, want float64) float64 {
	t.Helper()
	res, err := measure.Goodput(t.Context(), n.container, n.world, netip.AddrPortFrom(to, 0),
		measure.GoodputOptions{Duration: 2 * time.Second, Warmup: time.Second, Reverse: reverse})
	if err != nil {
		t.Fatal(err)
	}
	wire := measure.WireRate(res.BitsPerSecond, res.MSS, to.Is6())
	t.Logf("asked %.1f Mbit/s, measured %.2f on the wire (%.2f goodput), %d retransmits, rtt %v",
		want/1e6, wire/1e6, res.BitsPerSecond/1e6, res.Retransmits, res.RTT)
	return math.Abs(wire-want) / want
}

// TestUDPOverload sends twice the rate: half of it is lost, and the rest waits in the queue.
func TestUDPOverload(t *testing.T) {
	n := newNetwork(t, lab.Bandwidth(0, 0, 8e6, 160_000))
	const size, pps = 958, 2000 // 1000 bytes on the wire, 16 Mbit/s
	res, err := measure.Packets(t.Context(), n.container, n.world, netip.AddrPortFrom(payments4, 9000),
		measure.PacketOptions{Count: 4000, Rate: pps, Size: size})
	if err != nil {
		t.Fatal(err)
	}
	loss := float64(res.Lost) / float64(res.Sent)
	rate := res.PacketsPerSecond * (size + 42) * 8
	t.Logf("rate %.3f Mbit/s, loss %.3f, mean burst %.2f, delay median %v, max %v", rate/1e6, loss,
		res.MeanLossBurst, res.Delay.Median, res.Delay.Max)
	if math.Abs(rate-8e6) > 0.04*8e6 {
		t.Errorf("rate is %.0f bit/s, want 8 Mbit/s", rate)
	}
	if math.Abs(loss-0.5) > 0.03 || res.ReceiverDropped != 0 {
		t.Errorf("lost %d of %d, want half", res.Lost, res.Sent)
	}
	// The plugin's TBF queues 25 ms and its burst, which is 20 ms of the rate.
	if res.Delay.Median < 38*time.Millisecond || res.Delay.Median > 60*time.Millisecond {
		t.Errorf("delay is %v, want 45 ms", res.Delay.Median)
	}
}

func TestCounter(t *testing.T) {
	n := newNetwork(t)
	c, err := measure.NewCounter(n.container, "eth0", measure.Outgoing, measure.Filter{Protocol: 17, Port: 9000})
	if err != nil {
		t.Fatal(err)
	}
	_, err = measure.Packets(t.Context(), n.container, n.world, netip.AddrPortFrom(payments6, 9000),
		measure.PacketOptions{Count: 1000, Rate: -1, Size: 1000, Segments: 50})
	if err != nil {
		t.Error(err)
	}
	count, err := c.Stop()
	if err != nil {
		t.Fatal(err)
	}
	want := measure.Count{Frames: 20, Packets: 1000, Bytes: 1000 * 1062}
	if count.Unreadable > 0 {
		want = measure.Count{Unreadable: 20} // before Linux 6.2
	}
	if count.First, count.Last = want.First, want.Last; count != want {
		t.Errorf("counted %+v, want %+v", count, want)
	}
}

// TestCounterTCP counts a stream's segments, which are far more than the kernel's frames.
func TestCounterTCP(t *testing.T) {
	n := newNetwork(t)
	c, err := measure.NewCounter(n.container, "eth0", measure.Outgoing, measure.Filter{Protocol: 6})
	if err != nil {
		t.Fatal(err)
	}
	res, err := measure.Goodput(t.Context(), n.container, n.world, netip.AddrPortFrom(payments4, 0),
		measure.GoodputOptions{Duration: 300 * time.Millisecond, Warmup: -1})
	if err != nil {
		t.Error(err)
	}
	count, err := c.Stop()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("goodput %.2f Gbit/s; %d frames, %d packets, %d bytes, %d missed", res.BitsPerSecond/1e9,
		count.Frames, count.Packets, count.Bytes, count.Dropped)
	if count.Bytes < res.Bytes || count.Packets < int(res.Bytes)/1448 || count.Frames > count.Packets/4 {
		t.Errorf("counted %+v for %d bytes of payload", count, res.Bytes)
	}
}
