// SPDX-License-Identifier: Apache-2.0

package bpf

// Where the parts of the IPv6 header are (RFC 8200).
const (
	ipv6Header      = 40
	ipv6NextHeader  = 6
	ipv6Source      = 8
	ipv6Destination = 24

	ipv6FragmentOffset = 0xfff8

	// MaxExtensionHeaders is how many extension headers of IPv6 are skipped to
	// find the ports. The number of a further one is the packet's protocol, and
	// the packet has no ports.
	MaxExtensionHeaders = 8
)

func (c *compiler) parseIPv6(a *assembler, kinds table) {
	a.label("ipv6")
	c.header(a, ipv6Header, "ipv6.header")
	if c.asks(asksAddress) {
		at := ipv6Source
		if c.egress {
			at = ipv6Destination
		}
		a.loadBE(u64, r1, frame, packetAt+at)
		a.store(u64, frame, slotHigh, r1)
		a.loadBE(u64, r1, frame, packetAt+at+8)
		a.store(u64, frame, slotLow, r1)
		a.opImm(opMov, r1, int32(c.root6))
		a.store(u64, frame, slotRoot, r1)
	}
	if c.asks(asksDSCP) {
		a.loadBE(u16, r1, frame, packetAt)
		a.opImm(opRsh, r1, 6)
		a.opImm(opAnd, r1, codePoints-1)
		a.store(u64, frame, slotDSCP, r1)
	}
	if c.asks(asksProtocol) {
		c.transportIPv6(a, kinds)
		a.opImm(opAdd, r7, protocolsPerFamily)
	}
}

// transportIPv6 finds the protocol and the ports.
func (c *compiler) transportIPv6(a *assembler, kinds table) {
	a.load(u8, r7, frame, packetAt+ipv6NextHeader)
	a.kind(kinds)
	a.jumpImm(jumpSet, r0, kindExtension, "ipv6.extended")
	if !c.asks(asksPorts) {
		a.goTo("ipv6.done")
		c.skipHeaders(a, kinds)
		a.label("ipv6.upper")
		a.label("ipv6.done")
		return
	}
	a.jumpImm(jumpEQ, r0, 0, "ipv6.none")
	a.jumpImm(jumpEQ, r9, 0, "ipv6.none")
	a.loadBE(u32, r8, frame, packetAt+ipv6Header)
	a.goTo("ipv6.done")
	c.skipHeaders(a, kinds)
	a.label("ipv6.upper")
	a.opImm(opMov, r8, noPorts)
	a.jumpImm(jumpEQ, r0, 0, "ipv6.done")
	a.portsAtR9("ipv6.done")
	a.goTo("ipv6.done")
	a.label("ipv6.none")
	a.opImm(opMov, r8, noPorts)
	a.label("ipv6.done")
}

// skipHeaders goes through the extension headers: r7 is the number of the one
// at offset r9, r8 counts. It goes to ipv6.upper with the first protocol that
// is none of them; or, where the packet ends, is a fragment other than the
// first, or has too many, leaves with the number it has come to.
func (c *compiler) skipHeaders(a *assembler, kinds table) {
	ends := "ipv6.done"
	if c.asks(asksPorts) {
		ends = "ipv6.none"
	}
	a.label("ipv6.extended")
	a.store(u64, frame, slotKind, r0)
	a.pull()
	a.opImm(opMov, r9, ipv6Header)
	a.opImm(opMov, r8, 0)
	a.label("ipv6.skip")
	a.jumpImm(jumpGE, r8, MaxExtensionHeaders, ends)
	a.opImm(opAdd, r8, 1)
	a.op(opMov, r2, r9)
	a.read(extraAt, 8)
	a.jumpImm(jumpNE, r0, 0, ends)
	a.headerLength()
	a.load(u8, r7, frame, extraAt)
	a.op(opAdd, r9, r1)
	a.jumpImm(jumpNE, r2, 0, ends)
	a.kind(kinds)
	a.store(u64, frame, slotKind, r0)
	a.jumpImm(jumpSet, r0, kindExtension, "ipv6.skip")
	a.goTo("ipv6.upper")
}

// headerLength leaves the length of the extension header in r1 and, if it
// begins a fragment other than the first, that one's offset in r2, else 0. It
// has no jump in it: the verifier would follow each way of every header.
func (a *assembler) headerLength() {
	a.load(u64, r3, frame, slotKind)
	a.op(opMov, r4, r3)
	a.opImm(opRsh, r3, shiftFragment)
	a.opImm(opAnd, r3, 1) // 1 for the fragment header
	a.opImm(opRsh, r4, shiftAH)
	a.opImm(opAnd, r4, 1) // 1 for AH

	a.loadBE(u16, r2, frame, extraAt+2)
	a.opImm(opAnd, r2, ipv6FragmentOffset)
	a.op(opMul, r2, r3)

	a.opImm(opSub, r3, 1) // all ones, or 0 for the fragment header: it has no length
	a.load(u8, r1, frame, extraAt+1)
	a.op(opAnd, r1, r3)
	a.opImm(opAdd, r1, 1) // in units of 8 bytes beyond the first 8 (RFC 8200),
	a.op(opAdd, r1, r4)   // AH's in units of 4 beyond 8 (RFC 4302)
	a.opImm(opMov, r3, 3)
	a.op(opSub, r3, r4)
	a.op(opLsh, r1, r3)
}
