// SPDX-License-Identifier: Apache-2.0

package measure_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

// netem puts a qdisc on the container's eth0, or skips where the kernel has none.
func netem(t *testing.T, c *lab.NS, words string) {
	t.Helper()
	// Replaced, a netem would keep what the new words do not name.
	if _, err := c.Output(t.Context(), "tc", strings.Fields("qdisc replace dev eth0 root pfifo")...); err != nil {
		t.Fatal(err)
	}
	args := strings.Fields("qdisc replace dev eth0 root netem limit 100000 " + words)
	_, err := c.Output(t.Context(), "tc", args...)
	if err != nil && strings.Contains(err.Error(), "qdisc kind is unknown") {
		t.Skip("this kernel has no netem: runs in the virtual machine")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestNetem measures what plain netem does to single packets, which is as asked.
func TestNetem(t *testing.T) {
	const count, confidence = 5000, 0.99999
	within := func(t *testing.T, what string, k int, want float64) {
		t.Helper()
		in := measure.Binomial(k, count, confidence)
		t.Logf("%s: %.4f in %.4f..%.4f, asked %.4f", what, float64(k)/count, in.Low, in.High, want)
		if !in.Contains(want) {
			t.Errorf("%s is outside", what)
		}
	}
	n := newNetwork(t)
	tap := &measure.Tap{Namespace: n.container, Interface: "eth0", Direction: measure.Outgoing}
	for _, tc := range []struct {
		netem string
		tap   *measure.Tap
		check func(t *testing.T, r measure.PacketResult)
	}{
		{"delay 20ms", nil, func(t *testing.T, r measure.PacketResult) {
			t.Logf("delay min %v, median %v, max %v", r.Delay.Min, r.Delay.Median, r.Delay.Max)
			if r.Delay.Min < 20*time.Millisecond || r.Delay.Median > 25*time.Millisecond || r.Lost > 0 {
				t.Errorf("median %v, %d lost", r.Delay.Median, r.Lost)
			}
		}},
		{"loss 10%", nil, func(t *testing.T, r measure.PacketResult) { within(t, "loss", r.Lost, 0.1) }},
		{"loss gemodel 1% 10%", nil, func(t *testing.T, r measure.PacketResult) {
			t.Logf("mean burst %.2f", r.MeanLossBurst)
			if r.MeanLossBurst < 6 || r.MeanLossBurst > 16 {
				t.Errorf("mean burst is %.2f, want 10", r.MeanLossBurst)
			}
		}},
		{"duplicate 20%", nil, func(t *testing.T, r measure.PacketResult) { within(t, "duplicates", r.Duplicates, 0.2) }},
		{"corrupt 10%", tap, func(t *testing.T, r measure.PacketResult) { within(t, "corrupted", r.Corrupted, 0.1) }},
		{"corrupt 10%", nil, func(t *testing.T, r measure.PacketResult) {
			// Wrong addresses and ports do not even reach a checksum.
			if r.Lost < r.ChecksumErrors || r.ChecksumErrors < r.Lost/2 {
				t.Errorf("%d lost, %d of them for their checksum", r.Lost, r.ChecksumErrors)
			}
			within(t, "lost by corruption", r.Lost, 0.1)
		}},
		{"delay 10ms reorder 25%", nil, func(t *testing.T, r measure.PacketResult) {
			t.Logf("%d of %d reordered", r.Reordered, count)
			if r.Reordered < count/2 || r.Lost > 0 {
				t.Errorf("%d reordered, %d lost: those that wait arrive after those that do not", r.Reordered, r.Lost)
			}
		}},
	} {
		t.Run(strings.ReplaceAll(tc.netem, " ", "_"), func(t *testing.T) {
			netem(t, n.container, tc.netem)
			for _, to := range []netip.Addr{payments4, payments6} {
				res, err := measure.Packets(t.Context(), n.container, n.world, netip.AddrPortFrom(to, 9000),
					measure.PacketOptions{Count: count, Rate: 5000, Tap: tc.tap, Linger: 300 * time.Millisecond})
				if err != nil {
					t.Fatal(err)
				}
				if res.ReceiverDropped > 0 {
					t.Errorf("the receiver dropped %d", res.ReceiverDropped)
				}
				tc.check(t, res)
			}
		})
	}
}
