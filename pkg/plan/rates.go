// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"tcni.dev/conf"
	"tcni.dev/pkg/tc"
)

// unlimited is the rate of a class that has none: more than any virtual link
// carries.
const unlimited = tc.Tbit

// burstTime is how late HTB may be without loss of the rate: what it has not
// sent in time it makes up for with its burst, and with no more. Its timer is
// exact, but its softirq waits for its turn on a busy processor, and so do the
// senders: a tick at 250 Hz, by tc-htb(8)'s rule that a burst is what the rate
// carries in one. With 1 ms, 250 Mbit/s came out as 206 to 250 where one
// processor had all of TCP to do too (Linux 6.1).
const burstTime = 4 * tc.Millisecond

// linkRate is what the direction carries at most.
func (b *builder) linkRate() tc.Rate {
	if b.link.Framing.NetemOnly() {
		return unlimited // its leaf's netem holds the rate
	}
	return limit(b.link)
}

// limit is what an impairment lets through at most.
func limit(i conf.Impairment) tc.Rate {
	switch {
	case i.Ceil != 0:
		return i.Ceil
	case i.Rate != 0:
		return i.Rate
	}
	return unlimited
}

// linkQuantum is the same whatever the link: the kernel does not change the
// quantum of a class that has children, and does not use it (htb_change_class in
// net/sched/sch_htb.c).
const linkQuantum = 1514

// linkClass is the class above all others but the unshaped one.
func (b *builder) linkClass() tc.HTBClass {
	r := b.linkRate()
	c := b.htb(r, r, b.link.Burst, framing(b.link.Framing))
	c.Quantum = linkQuantum
	return c
}

// leafClass is the class of one impairment: below the link's rate, and below
// its own where it has one.
func (b *builder) leafClass(c class, share tc.Rate) tc.HTBClass {
	link, own := b.linkRate(), limit(c.Impairment)
	f, burst := c.Framing, c.Burst
	if f.NetemOnly() {
		own = link
	}
	if own == unlimited || c.handle == classID(minorDefault) {
		f, burst = b.link.Framing, b.link.Burst
	}
	ceil := min(own, link)
	rate := ceil
	switch g := guaranteed(c.Impairment); {
	case g != 0:
		rate = min(g, ceil)
	case link != unlimited:
		rate = min(share, ceil)
	}
	if own > link && c.handle != classID(minorDefault) && own != unlimited {
		b.plan.warn("%s: rate %v is above the direction's %v and has no effect", c.label(b.direction), own, link)
	}
	h := b.htb(rate, ceil, burst, framing(f))
	if guaranteed(c.Impairment) == 0 && rate < ceil {
		// At once goes the part of what the ceil lets go: two packets of every
		// class would be many seconds of a narrow link's rate.
		h.Burst = tc.RoundBurst(rate, rate.BytesIn(ceil.TimeFor(h.Cburst)))
	}
	return h
}

// framing is what HTB can count of a link's framing.
func framing(f conf.Framing) conf.Framing {
	if f.NetemOnly() {
		return conf.Framing{}
	}
	return f
}

// htb fills in a class. The quantum is what a class may send before its
// neighbour's turn: a millisecond of the rate, and a packet at least.
func (b *builder) htb(rate, ceil tc.Rate, burst tc.Size, f conf.Framing) tc.HTBClass {
	return tc.HTBClass{
		Rate: rate, Ceil: ceil,
		Burst: b.burst(rate, burst), Cburst: b.burst(ceil, burst),
		Quantum:  uint32(min(max(ceil.BytesIn(tc.Millisecond), b.frame()), 200_000)),
		Overhead: uint16(f.Overhead), MPU: f.MPU, LinkLayer: f.LinkLayer,
	}
}

// burst is what a class may send at once: what was asked for, or what its rate
// carries in burstTime; and two packets at least, so that one can follow the
// other.
func (b *builder) burst(r tc.Rate, asked tc.Size) tc.Size {
	if asked == 0 {
		asked = max(2*b.frame(), r.BytesIn(burstTime))
	}
	return tc.RoundBurst(r, asked)
}

// frame is the longest packet that the device sends, with its Ethernet header.
func (b *builder) frame() tc.Size { return tc.Size(b.site.Device.MTU) + 14 }
