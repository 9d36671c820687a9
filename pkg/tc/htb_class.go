// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"strconv"
)

// HTBClass is a class of HTB. Rate is what it is assured, Ceil what it may take
// when its parent has some to lend.
type HTBClass struct {
	Prio          uint32 // 0..7; lower numbers are offered the parent's excess first
	Rate, Ceil    Rate
	Burst, Cburst Size   // bytes sent at line speed before Rate, or Ceil, holds
	Quantum       uint32 // bytes served in a turn while borrowing
	Overhead      uint16 // bytes added to every packet's length
	MPU           uint16 // least bytes that a packet counts
	LinkLayer     LinkLayer
}

// LinkLayer is how a packet's length is counted (include/uapi/linux/pkt_sched.h).
type LinkLayer uint8

// The link layers that the kernel computes with.
const (
	LinkEthernet LinkLayer = iota // TC_LINKLAYER_ETHERNET, and what is not said
	LinkATM                       // TC_LINKLAYER_ATM: cells of 53 bytes that carry 48
)

// String prints the link layer as tc-stab(8) does.
func (l LinkLayer) String() string {
	if l == LinkATM {
		return "atm"
	}
	return "ethernet"
}

// Args prints the class's parameters.
func (c HTBClass) Args() string {
	out := join(optional("prio", c.Prio), fmt.Sprintf("rate %v ceil %v burst %v cburst %v", c.Rate, c.Ceil, c.Burst, c.Cburst),
		optional("quantum", c.Quantum), optional("overhead", c.Overhead), optional("mpu", c.MPU))
	if c.LinkLayer != LinkEthernet {
		out += " linklayer " + c.LinkLayer.String()
	}
	return out
}

func parseHTBClass(w *Words) (c HTBClass, err error) {
	for !w.Done() && err == nil {
		switch {
		case w.Accept("prio"):
			c.Prio, err = Arg(w, "prio", ParseUint32)
		case w.Accept("rate"):
			c.Rate, err = Arg(w, "rate", ParseRate)
		case w.Accept("ceil"):
			c.Ceil, err = Arg(w, "ceil", ParseRate)
		case w.Accept("burst"):
			c.Burst, err = Arg(w, "burst", ParseSize)
		case w.Accept("cburst"):
			c.Cburst, err = Arg(w, "cburst", ParseSize)
		case w.Accept("quantum"):
			c.Quantum, err = Arg(w, "quantum", ParseUint32)
		case w.Accept("overhead"):
			c.Overhead, err = Arg(w, "overhead", parseUint16)
		case w.Accept("mpu"):
			c.MPU, err = Arg(w, "mpu", parseUint16)
		case w.Accept("linklayer"):
			c.LinkLayer, err = Arg(w, "linklayer", parseLinkLayer)
		default:
			err = fmt.Errorf("htb class: unknown word %q", w.Peek())
		}
	}
	if err == nil && c.Rate == 0 {
		err = fmt.Errorf("htb class: rate is missing")
	}
	if c.Ceil == 0 {
		c.Ceil = c.Rate
	}
	return c, err
}

func parseUint16(s string) (uint16, error) {
	v, err := strconv.ParseUint(s, 0, 16)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number in 0..65535", s)
	}
	return uint16(v), nil
}

func parseLinkLayer(s string) (LinkLayer, error) {
	switch s {
	case "ethernet":
		return LinkEthernet, nil
	case "atm":
		return LinkATM, nil
	}
	return 0, fmt.Errorf("%q is not a link layer (ethernet, atm)", s)
}
