// SPDX-License-Identifier: Apache-2.0

package bpf

import "math/bits"

const (
	etherIPv4 = 0x0800
	etherIPv6 = 0x86dd
)

// parse reads what the properties ask for from the packet. A packet with a VLAN
// tag belongs to another network: it has the tag's protocol, not IP's (in the
// kernel's tcf_classify too, where a filter's protocol is compared).
func (c *compiler) parse(a *assembler) {
	a.op(opMov, r6, r1)
	a.load(u32, r1, r6, skbVLANPresent)
	a.jumpImm(jumpNE, r1, 0, labelMiss)
	a.load(u32, r1, r6, skbProtocol)
	a.jumpImm(jumpEQ, r1, network16(etherIPv4), "ipv4")
	a.jumpImm(jumpEQ, r1, network16(etherIPv6), "ipv6")
	a.goTo(labelMiss)
	var kinds table
	if c.asks(asksProtocol) {
		kinds = c.kinds()
	}
	c.parseIPv4(a, kinds)
	c.parseIPv6(a, kinds)
	a.label("parsed")
}

// network16 is a number as it stands in the packet, read by this machine.
func network16(v uint16) int32 {
	if bigEndian {
		return int32(v)
	}
	return int32(bits.ReverseBytes16(v))
}

// read copies n bytes of the packet to the frame's byte to, beginning as many
// bytes into the network header as r2 says; r0 is 0 if they are there. It sees
// the linear part of a packet only. It keeps r6 to r9.
func (a *assembler) read(to, n int) {
	a.op(opMov, r1, r6)
	a.op(opMov, r3, frame)
	a.opImm(opAdd, r3, int32(to))
	a.opImm(opMov, r4, int32(n))
	a.opImm(opMov, r5, fromNetwork)
	a.call(helperLoadBytes)
}

// pull makes the first bytes of the packet linear: a driver or a tunnel may
// have left them elsewhere.
func (a *assembler) pull() {
	short := a.fresh("pull")
	a.op(opMov, r1, r6)
	a.load(u32, r2, r6, skbLen)
	a.jumpImm(jumpLE, r2, pullBytes, short)
	a.opImm(opMov, r2, pullBytes)
	a.label(short)
	a.call(helperPullData)
}

// header reads a header of n bytes and, to save a call for most packets, the
// four bytes after it if ports are asked for; r9 is 1 if they are there.
func (c *compiler) header(a *assembler, n int, done string) {
	first := n
	if c.asks(asksPorts) {
		first += 4
		a.opImm(opMov, r9, 1)
	}
	a.opImm(opMov, r2, 0)
	a.read(packetAt, first)
	a.jumpImm(jumpEQ, r0, 0, done)
	a.pull()
	a.opImm(opMov, r2, 0)
	a.read(packetAt, first)
	a.jumpImm(jumpEQ, r0, 0, done)
	if first > n {
		a.opImm(opMov, r9, 0)
		a.opImm(opMov, r2, 0)
		a.read(packetAt, n)
		a.jumpImm(jumpEQ, r0, 0, done)
	}
	a.goTo(labelMiss)
	a.label(done)
}

// Kinds of protocols, as bits.
const (
	kindPorts     = 1 << iota // begins with the ports
	kindExtension             // is an extension header of IPv6
	kindAH                    // is AH or the fragment header, whose lengths differ
	kindFragment

	shiftAH       = 2
	shiftFragment = 3
)

// kinds is the table of each protocol's kinds. A row of comparisons instead
// would take the kernel's verifier long: it would go on with each number.
func (c *compiler) kinds() table {
	var t [protocolsPerFamily]byte
	for _, p := range portProtocols {
		t[p] |= kindPorts
	}
	for _, p := range extensionHeaders {
		t[p] |= kindExtension
	}
	t[protoAH] |= kindAH
	t[protoFragment] |= kindFragment
	return c.blob.add(t[:])
}

// kind leaves the kinds of the protocol r7 in r0.
func (a *assembler) kind(kinds table) {
	a.address(r1, tablesMap, kinds.off)
	a.op(opAdd, r1, r7)
	a.load(u8, r0, r1, 0)
}

// portsAtR9 reads the ports into r8; they begin r9 bytes into the packet, which
// has been pulled.
func (a *assembler) portsAtR9(missing string) {
	a.op(opMov, r2, r9)
	a.read(extraAt, 4)
	a.jumpImm(jumpNE, r0, 0, missing)
	a.loadBE(u32, r8, frame, extraAt)
}
