// SPDX-License-Identifier: Apache-2.0

package rtnl

import "tcni.dev/pkg/tc"

// kernelR2Q is what tc(8) sends where nothing is said; the kernel itself has no
// default and takes 0 for 1 (htb_init in net/sched/sch_htb.c).
const kernelR2Q = 10

func encodeHTB(b *buffer, h tc.HTB) {
	r2q := h.R2Q
	if r2q == 0 {
		r2q = kernelR2Q
	}
	at := b.open(htbInit) // struct tc_htb_glob
	b.put32(htbVersion)
	b.put32(r2q)
	b.put32(uint32(h.Default))
	b.put32(0)
	b.put32(0)
	b.close(at)
	if h.DirectQueue != 0 {
		b.u32(htbDirectQlen, h.DirectQueue)
	}
}

func decodeHTB(opts field) tc.Spec {
	var h tc.HTB
	for typ, v := range opts.attrs() {
		switch typ {
		case htbInit:
			h.R2Q, h.Default = v.u32(4), uint16(v.u32(8))
		case htbDirectQlen:
			h.DirectQueue = v.u32(0)
		case htbOffload:
			h.Offload = true
		}
	}
	return h
}

// encodeHTBClass sends no rate tables (2 KB a class): the kernel computes with
// the rates themselves since 3.8 and looks at a table only to guess a link
// layer that is not said (htb_change_class).
func encodeHTBClass(b *buffer, c tc.HTBClass) {
	at := b.open(htbParms) // struct tc_htb_opt
	putRatespec(b, c.Rate, c.Overhead, c.MPU, c.LinkLayer)
	putRatespec(b, c.Ceil, c.Overhead, c.MPU, c.LinkLayer)
	b.put32(tc.BurstTicks(c.Rate, c.Burst))
	b.put32(tc.BurstTicks(c.Ceil, c.Cburst))
	b.put32(c.Quantum)
	b.put32(0) // level
	b.put32(c.Prio)
	b.close(at)
	putRate64(b, htbRate64, c.Rate)
	putRate64(b, htbCeil64, c.Ceil)
}

func decodeHTBClass(opts field) tc.HTBClass {
	p := opts.attr(htbParms)
	c := tc.HTBClass{
		Rate:      ratespecRate(p, opts.attr(htbRate64)),
		Ceil:      ratespecRate(p.from(ratespecLen), opts.attr(htbCeil64)),
		Quantum:   p.u32(2*ratespecLen + 8),
		Prio:      p.u32(2*ratespecLen + 16),
		Overhead:  p.u16(2),
		MPU:       p.u16(6),
		LinkLayer: tc.LinkEthernet,
	}
	if p.u8(1)&linkLayerMask == linkLayerATM {
		c.LinkLayer = tc.LinkATM
	}
	c.Burst = tc.BurstSize(c.Rate, p.u32(2*ratespecLen))
	c.Cburst = tc.BurstSize(c.Ceil, p.u32(2*ratespecLen+4))
	return c
}
