// SPDX-License-Identifier: Apache-2.0

package tc

import (
	"fmt"
	"strconv"
)

// HTB is the hierarchical token bucket qdisc, tc-htb(8).
type HTB struct {
	Default     uint16 // minor number of the class for what no filter takes; 0: such packets pass unshaped
	R2Q         uint32 // divisor that computes a quantum where a class has none; the kernel's default is 10
	DirectQueue uint32 // packets in the queue of unshaped packets (direct_qlen)
	Offload     bool   // the device shapes; never asked for by us, seen on dumps
}

// Kind implements Spec.
func (HTB) Kind() string { return "htb" }

// Args implements Spec.
func (h HTB) Args() string {
	out := join("default", "0x"+strconv.FormatUint(uint64(h.Default), 16), optional("r2q", h.R2Q), optional("direct_qlen", h.DirectQueue))
	if h.Offload {
		out += " offload"
	}
	return out
}

func parseHTB(w *Words) (Spec, error) {
	var h HTB
	for !w.Done() {
		var err error
		switch {
		case w.Accept("default"):
			h.Default, err = Arg(w, "default", parseMinor)
		case w.Accept("r2q"):
			h.R2Q, err = Arg(w, "r2q", ParseUint32)
		case w.Accept("direct_qlen"):
			h.DirectQueue, err = Arg(w, "direct_qlen", ParseUint32)
		case w.Accept("offload"):
			h.Offload = true
		default:
			return h, fmt.Errorf("htb: unknown word %q", w.Peek())
		}
		if err != nil {
			return h, err
		}
	}
	return h, nil
}

// parseMinor reads a class's minor number, in hexadecimal with or without 0x,
// as tc(8) does.
func parseMinor(s string) (uint16, error) {
	if len(s) > 2 && s[:2] == "0x" {
		s = s[2:]
	}
	v, err := strconv.ParseUint(s, 16, 16)
	if err != nil {
		return 0, fmt.Errorf("%q is not a minor number in 0..ffff", s)
	}
	return uint16(v), nil
}
