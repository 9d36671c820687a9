// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestTally(t *testing.T) {
	for _, tc := range []struct {
		name     string
		arrivals []int
		want     PacketResult
	}{
		{"all", []int{0, 1, 2, 3, 4, 5}, PacketResult{Sent: 6, Received: 6}},
		{"none", nil, PacketResult{Sent: 6, Lost: 6, LossBursts: 1, MeanLossBurst: 6}},
		{"bursts", []int{0, 3, 5}, PacketResult{Sent: 6, Received: 3, Lost: 3, LossBursts: 2, MeanLossBurst: 1.5}},
		{"one late", []int{0, 2, 3, 1, 4, 5}, PacketResult{Sent: 6, Received: 6, Reordered: 1}},
		{"one early", []int{0, 3, 1, 2, 4, 5}, PacketResult{Sent: 6, Received: 6, Reordered: 2}},
		{"twice", []int{0, 0, 1, 2, 3, 4, 5, 2}, PacketResult{Sent: 6, Received: 6, Duplicates: 2}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			const run, delay = 99, 3 * time.Millisecond
			sent := time.Unix(1000, 0)
			tally := newTally(run, 6)
			for _, seq := range tc.arrivals {
				b := make([]byte, 100)
				putProbe(b, probe{run, uint64(seq), sent.UnixNano()})
				if !tally.add(b, sent.Add(delay)) {
					t.Errorf("packet %d is not ours", seq)
				}
			}
			got := tally.result(6)
			if got.Received > 0 && got.Delay.Median != delay {
				t.Errorf("delay is %v, want %v", got.Delay.Median, delay)
			}
			if d := cmp.Diff(tc.want, got, cmpopts.IgnoreFields(PacketResult{}, "Delay", "Delays", "Arrivals")); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestProbeCorruption flips every single bit: the packet is still ours, with its number and time,
// and known to be corrupted.
func TestProbeCorruption(t *testing.T) {
	want := probe{run: 0xfeed_beef_0102_0304, seq: 4711, sent: 1_700_000_000_123_456_789}
	b := make([]byte, 120)
	putProbe(b, want)
	if p, intact, ok := getProbe(b); p != want || !intact || !ok {
		t.Fatalf("unharmed: %v, intact %v, ok %v", p, intact, ok)
	}
	for bit := range len(b) * 8 {
		b[bit/8] ^= 1 << (bit % 8)
		if p, intact, ok := getProbe(b); p != want || intact || !ok {
			t.Fatalf("bit %d: %v, intact %v, ok %v", bit, p, intact, ok)
		}
		b[bit/8] ^= 1 << (bit % 8)
	}
}

func TestArrivalRate(t *testing.T) {
	begin := time.Unix(1000, 0)
	burst := []time.Time{begin, begin, begin, begin}
	for i := range 6 {
		burst = append(burst, begin.Add(time.Duration(i)*10*time.Millisecond))
	}
	if got := arrivalRate(burst); math.Abs(got-100) > 1e-6 {
		t.Errorf("rate behind a burst is %v, want 100", got)
	}
	if got := arrivalRate(burst[:4]); got != 0 {
		t.Errorf("rate of one moment is %v, want 0", got)
	}
}

func TestForeignPacket(t *testing.T) {
	b := make([]byte, 100)
	putProbe(b, probe{run: 1 << 40, seq: 1})
	tally := newTally(0xffff, 6)
	if tally.add(b, time.Now()) || tally.add(b[:20], time.Now()) {
		t.Error("took a packet of another run, or a short one, for ours")
	}
}

func TestHeaderVote(t *testing.T) {
	v := headerVote{}
	good := []byte{
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x08, 0x00,
		0x45, 0, 0, 100, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
		0, 53, 0, 54, 0, 80, 0xab, 0xcd,
	}
	sum := ^onesSum(good[14:34])
	good[24], good[25] = byte(sum>>8), byte(sum)
	for range 10 {
		v.add(good)
	}
	harmed := 0
	for bit := range len(good) * 8 {
		if at := bit / 8; at >= 38 {
			continue // UDP's length and checksum are left out
		}
		bad := []byte(string(good))
		bad[bit/8] ^= 1 << (bit % 8)
		v.add(bad)
		harmed++
	}
	if v.outliers() != harmed {
		t.Errorf("found %d harmed headers of %d", v.outliers(), harmed)
	}
}
