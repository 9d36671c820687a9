// SPDX-License-Identifier: Apache-2.0

package bpf

// Where the parts of the IPv4 header are (RFC 791).
const (
	ipv4Header      = 20
	ipv4TOS         = 1
	ipv4Fragment    = 6
	ipv4Protocol    = 9
	ipv4Source      = 12
	ipv4Destination = 16

	ipv4FragmentOffset = 0x1fff
	ipv4MinWords       = 5
)

func (c *compiler) parseIPv4(a *assembler, kinds table) {
	a.label("ipv4")
	c.header(a, ipv4Header, "ipv4.header")
	if c.asks(asksAddress) {
		at := ipv4Source
		if c.egress {
			at = ipv4Destination
		}
		a.loadBE(u32, r1, frame, packetAt+at)
		a.opImm(opLsh, r1, 32)
		a.store(u64, frame, slotHigh, r1)
		a.opImm(opMov, r1, 0)
		a.store(u64, frame, slotLow, r1)
		a.opImm(opMov, r1, int32(c.root4))
		a.store(u64, frame, slotRoot, r1)
	}
	if c.asks(asksDSCP) {
		a.load(u8, r1, frame, packetAt+ipv4TOS)
		a.opImm(opRsh, r1, 2)
		a.store(u64, frame, slotDSCP, r1)
	}
	if c.asks(asksProtocol) {
		a.load(u8, r7, frame, packetAt+ipv4Protocol)
	}
	if c.asks(asksPorts) {
		a.portsIPv4(kinds)
	}
	a.goTo("parsed")
}

// portsIPv4 finds the ports after the options; only the first fragment has any.
func (a *assembler) portsIPv4(kinds table) {
	a.opImm(opMov, r8, noPorts)
	a.loadBE(u16, r1, frame, packetAt+ipv4Fragment)
	a.opImm(opAnd, r1, ipv4FragmentOffset)
	a.jumpImm(jumpNE, r1, 0, "parsed")
	a.kind(kinds)
	a.opImm(opAnd, r0, kindPorts)
	a.jumpImm(jumpEQ, r0, 0, "parsed")
	a.load(u8, r1, frame, packetAt)
	a.opImm(opAnd, r1, 0xf)
	a.jumpImm(jumpNE, r1, ipv4MinWords, "ipv4.options")
	a.jumpImm(jumpEQ, r9, 0, "parsed")
	a.loadBE(u32, r8, frame, packetAt+ipv4Header)
	a.goTo("parsed")
	a.label("ipv4.options")
	a.jumpImm(jumpLT, r1, ipv4MinWords, "parsed")
	a.opImm(opLsh, r1, 2)
	a.op(opMov, r9, r1)
	a.pull()
	a.portsAtR9("parsed")
}
