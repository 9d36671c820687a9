// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"tcni.dev/pkg/dist"
	"tcni.dev/pkg/tc"
)

const (
	// minPacket is the shortest packet of interest, in bytes: a TCP
	// acknowledgement with its Ethernet header. A delay line holds as many as
	// its rate carries of these.
	minPacket = 66

	// assumedRate is what a delay line without a rate is sized for, and
	// meanPacket the length of the packets that it is taken to carry, in
	// bytes (the simple IMIX: 7 of 40, 4 of 576, 1 of 1500).
	assumedRate = 10 * tc.Gbit
	meanPacket  = 340

	// usualRate is what a container may well send without a limit.
	usualRate = tc.Gbit

	// bufferTime is how long the default buffer in front of a rate takes to
	// drain: what an access router of moderate size has.
	bufferTime = 50 * tc.Millisecond

	// minBuffer is the least default buffer: what a TCP sender sends at once.
	minBuffer = 64 * tc.KB

	// busiest is more than a veth carries.
	busiest = 40 * tc.Gbit

	// packetMemory is what a queued packet takes of the kernel's memory beside
	// its bytes: an sk_buff, and what is left of its page fragments
	// (skb->truesize is 2304 for 1514 bytes).
	packetMemory = 790

	defaultMaxQueue = 64 * tc.MB
	minLimit        = 1000 // netem's own; also what arrives between two packets of the rate
)

// rateOf is the rate at which a class's queue drains.
func (b *builder) rateOf(c class) tc.Rate { return min(limit(c.Impairment), limit(b.link)) }

// buffer is the size of the queue in front of rate r, in bytes.
func (b *builder) buffer(c class, r tc.Rate) tc.Size {
	asked := c.Buffer
	if asked.Bytes == 0 && asked.Time == 0 {
		asked = b.link.Buffer
	}
	switch {
	case r == unlimited:
		return noLimit
	case asked.Bytes != 0:
		return asked.Bytes
	case asked.Time != 0:
		return max(r.BytesIn(asked.Time), b.frame())
	}
	return min(max(r.BytesIn(bufferTime), minBuffer), b.queueBound())
}

func (b *builder) queueBound() tc.Size {
	if b.maxQueue != 0 {
		return b.maxQueue
	}
	return defaultMaxQueue
}

// netemLimit is how many packets netem may hold so that none is lost that should
// only be late. It needs room for what is under way for as long as the longest
// delay; what waits for the rate is not there but in the buffer. It gets all the
// room that the administrator's bound in bytes has: a change to a shorter delay
// or a slower rate finds what the one before made it hold.
func (b *builder) netemLimit(c class, n tc.Netem) uint32 {
	r, packet := b.rateOf(c), tc.Size(minPacket)
	if r == unlimited {
		r, packet = assumedRate, meanPacket
	}
	longest := dist.Longest(n)
	needed := minLimit + r.BytesIn(longest)/packet
	bound := max(b.queueBound()/(b.frame()+packetMemory), 1)
	if needed > bound {
		b.warnBound(c, longest, bound)
	}
	return uint32(bound)
}

// warnBound says from which rate on the bounded queue loses packets, where
// somebody may well send that much.
func (b *builder) warnBound(c class, longest tc.Time, packets tc.Size) {
	lossy := about(tc.RateOf(packets*b.frame(), longest))
	if longest != 0 && lossy < min(b.rateOf(c), usualRate) {
		b.plan.warn("%s: a delay of %v holds at most %d packets (policy.maxQueue %v): above about %v, packets are lost",
			c.label(b.direction), longest, packets, b.queueBound(), lossy)
	}
}

// about rounds a rate down to two digits.
func about(r tc.Rate) tc.Rate {
	unit := tc.Rate(1)
	for r/unit >= 100 {
		unit *= 10
	}
	return r / unit * unit
}

// overfills tells whether packets as long as the kernel hands them down could
// fill a netem beyond the bound: it counts packets, and lets go of what made the
// sender wait (skb_orphan_partial), so that nothing else bounds it.
func (b *builder) overfills(n tc.Netem) bool {
	return dist.Longest(n) > busiest.TimeFor(b.queueBound())
}
