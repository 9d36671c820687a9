// SPDX-License-Identifier: Apache-2.0

package bpf

import "tcni.dev/pkg/tc"

// property is one thing that routes ask of a packet.
type property struct {
	name string
	// asked tells whether a match says anything about the property. One that
	// no route asks for is left out of the program.
	asked func(tc.Match) bool
	// build makes the property's classes and tables, and returns what leaves
	// the class of the packet at hand in r0.
	build func(*compiler, *dimension) (func(*assembler), error)
	small bool // at most a few hundred classes
}

// properties lists them all; a program looks them up in this order.
var properties = [...]property{
	{"address", asksAddress, buildAddress, false},
	{"remote port", func(m tc.Match) bool { return len(m.Ports) > 0 }, buildRemotePort, false},
	{"local port", func(m tc.Match) bool { return len(m.LocalPorts) > 0 }, buildLocalPort, false},
	{"protocol", asksProtocol, buildProtocol, true},
	{"dscp", asksDSCP, buildDSCP, true},
}

func asksDSCP(m tc.Match) bool     { return len(m.DSCPs) > 0 }
func asksAddress(m tc.Match) bool  { return len(m.CIDRs) > 0 }
func asksPorts(m tc.Match) bool    { return len(m.Ports)+len(m.LocalPorts) > 0 }
func asksProtocol(m tc.Match) bool { return len(m.Protocols) > 0 || asksPorts(m) }
