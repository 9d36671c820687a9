// SPDX-License-Identifier: Apache-2.0

package measure

import "time"

// PacketResult is what became of a series of test packets.
type PacketResult struct {
	Sent int `json:"sent"`
	// Received counts packets of which at least one copy arrived, corrupted or not.
	Received   int `json:"received"`
	Lost       int `json:"lost"`
	Duplicates int `json:"duplicates"`
	Reordered  int `json:"reordered"`
	// Corrupted counts copies that arrived with a wrong bit.
	Corrupted int `json:"corrupted"`
	// LossBursts counts runs of consecutive lost packets; MeanLossBurst is their mean length.
	LossBursts    int     `json:"lossBursts"`
	MeanLossBurst float64 `json:"meanLossBurst"`
	// Delay is the one-way delay of first copies.
	Delay Summary[time.Duration] `json:"delay"`
	// Delays are its samples in the order of the packets' numbers, -1 for a lost packet.
	Delays []time.Duration `json:"delays,omitempty"`
	// Arrivals are the times of first copies since the first of them, in their order.
	Arrivals []time.Duration `json:"arrivals,omitempty"`
	// ChecksumErrors counts UDP packets that the kernel dropped at the receiver for a wrong checksum;
	// they are among the lost. Always 0 with a Tap.
	ChecksumErrors int `json:"checksumErrors"`
	// ReceiverDropped counts packets that reached the receiving socket and did not fit into its
	// buffer: where it is not 0, the measurement itself lost packets.
	ReceiverDropped int `json:"receiverDropped"`
	// Elapsed is from the first to the last send.
	Elapsed time.Duration `json:"elapsed"`
	// PacketsPerSecond is the rate of arrival over the later half of the packets: at more than a
	// bottleneck's rate, that of the bottleneck without its initial burst. 0 for fewer than 4.
	PacketsPerSecond float64 `json:"packetsPerSecond"`
}

// Loss is the interval of the loss probability at a confidence such as 0.999; it is meaningful
// for independent losses only.
func (r PacketResult) Loss(confidence float64) Interval {
	return Binomial(r.Lost, r.Sent, confidence)
}

// tally collects arrivals. It is used by one goroutine at a time.
type tally struct {
	run     uint64
	delays  []time.Duration // -1 until a packet arrives
	at      []time.Time     // of first copies, in the order of arrival
	highest int
	res     PacketResult
}

func newTally(run uint64, count int) *tally {
	t := &tally{run: run, delays: make([]time.Duration, count), highest: -1}
	for i := range t.delays {
		t.delays[i] = -1
	}
	return t
}

// add takes one payload; it reports whether that was one of ours.
func (t *tally) add(payload []byte, at time.Time) bool {
	p, intact, ok := getProbe(payload)
	if !ok || !near(p.run, t.run) || p.seq >= uint64(len(t.delays)) {
		return false
	}
	if !intact {
		t.res.Corrupted++
	}
	seq := int(p.seq)
	if t.delays[seq] >= 0 {
		t.res.Duplicates++
		return true
	}
	t.res.Received++
	t.at = append(t.at, at)
	// A clock that is set back during the run must not make a packet look lost.
	t.delays[seq] = max(at.Sub(time.Unix(0, p.sent)), 0)
	if seq < t.highest {
		t.res.Reordered++
	}
	t.highest = max(t.highest, seq)
	return true
}

// complete tells whether every packet has arrived at least once.
func (t *tally) complete() bool { return t.res.Received == len(t.delays) }

func (t *tally) result(sent int) PacketResult {
	r := t.res
	r.Sent, r.Delays = sent, t.delays[:sent]
	r.Lost = sent - r.Received
	arrived := make([]time.Duration, 0, r.Received)
	missing := false
	for _, d := range r.Delays {
		if d >= 0 {
			arrived = append(arrived, d)
		} else if !missing {
			r.LossBursts++
		}
		missing = d < 0
	}
	if r.LossBursts > 0 {
		r.MeanLossBurst = float64(r.Lost) / float64(r.LossBursts)
	}
	r.Delay = Summarise(arrived)
	for _, at := range t.at {
		r.Arrivals = append(r.Arrivals, at.Sub(t.at[0]))
	}
	r.PacketsPerSecond = arrivalRate(t.at)
	return r
}

func arrivalRate(at []time.Time) float64 {
	if len(at) < 4 {
		return 0
	}
	half, last := len(at)/2, len(at)-1
	seconds := at[last].Sub(at[half]).Seconds()
	if seconds <= 0 {
		return 0
	}
	return float64(last-half) / seconds
}
