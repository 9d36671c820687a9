// SPDX-License-Identifier: Apache-2.0

package conf

import "strconv"

func addDSCP(m *Match, s string) (err error) {
	m.DSCPs, err = appendNamed(m.DSCPs, s, 63, dscpOf, "a DSCP: want 0..63, cs0..cs7, af11..af43, ef, va or le")
	return err
}

func dscpOf(name string) (value uint8, known bool) {
	for _, d := range dscpNames {
		if d.name == name {
			return d.value, true
		}
	}
	return 0, false
}

func printDSCPs(m Match) []string {
	var out []string
	for _, d := range m.DSCPs {
		out = append(out, strconv.Itoa(int(d)))
	}
	return out
}

type dscpName struct {
	name  string
	value uint8
}

// dscpNames are IANA's names of Differentiated Services code points.
var dscpNames = [...]dscpName{
	{"cs0", 0}, {"cs1", 8}, {"cs2", 16}, {"cs3", 24}, {"cs4", 32}, {"cs5", 40}, {"cs6", 48}, {"cs7", 56},
	{"af11", 10}, {"af12", 12}, {"af13", 14}, {"af21", 18}, {"af22", 20}, {"af23", 22},
	{"af31", 26}, {"af32", 28}, {"af33", 30}, {"af41", 34}, {"af42", 36}, {"af43", 38},
	{"ef", 46}, {"va", 44}, {"le", 1},
}
