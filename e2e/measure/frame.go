// SPDX-License-Identifier: Apache-2.0

package measure

import "encoding/binary"

// frame is an Ethernet frame as a packet socket sees it, with the segmentation that the kernel has
// put off. Only untagged IPv4 and IPv6 are understood; others have no payload.
type frame struct {
	data    []byte // as captured, perhaps less than length
	length  int    // of the whole frame in bytes
	gsoSize int    // payload bytes per segment, 0 for a frame that is one packet
}

const ethernetHeader = 14

// headers is the length of all headers up to the payload of UDP, TCP or, for other protocols, of
// IP; 0 where the frame is not IP.
func (f frame) headers() int {
	b := f.data
	if len(b) < ethernetHeader+20 {
		return 0
	}
	at, protocol := 0, byte(0)
	switch binary.BigEndian.Uint16(b[12:]) {
	case 0x0800:
		at, protocol = ethernetHeader+int(b[14]&15)*4, b[23]
	case 0x86dd:
		at, protocol = ethernetHeader+40, b[20]
	default:
		return 0
	}
	switch {
	case protocol == 17:
		return at + 8
	case protocol == 6 && len(b) > at+12:
		return at + int(b[at+12]>>4)*4
	}
	return at
}

// wire is what the frame will be on a wire: how many packets, and their bytes.
func (f frame) wire() (packets, bytes int) {
	h := f.headers()
	if f.gsoSize == 0 || h == 0 || f.length <= h {
		return 1, f.length
	}
	payload := f.length - h
	packets = (payload + f.gsoSize - 1) / f.gsoSize
	return packets, payload + packets*h
}

// lengthOnWire is the frame's length as its IP header has it, 0 where it is not IP.
func (f frame) lengthOnWire() int {
	b := f.data
	if len(b) < ethernetHeader+20 {
		return 0
	}
	switch binary.BigEndian.Uint16(b[12:]) {
	case 0x0800:
		return ethernetHeader + int(binary.BigEndian.Uint16(b[16:]))
	case 0x86dd:
		return ethernetHeader + 40 + int(binary.BigEndian.Uint16(b[18:]))
	}
	return 0
}
