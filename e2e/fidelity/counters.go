// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"tcni.dev/e2e/lab"
)

// inErrors counts what a namespace's TCP and IP have refused for a wrong
// header or checksum.
func inErrors(ns *lab.NS) (int, error) { return counters(ns, "Tcp:InErrs", "Ip:InHdrErrors") }

// counters is the sum of a namespace's counters, named as in
// /proc/net/{snmp,netstat}: a line of names, then one of values.
func counters(ns *lab.NS, wanted ...string) (total int, err error) {
	var text []byte
	if err = ns.Do(func() error {
		for _, file := range []string{"snmp", "netstat"} {
			b, err := os.ReadFile("/proc/thread-self/net/" + file)
			if err != nil {
				return err
			}
			text = append(text, b...)
		}
		return nil
	}); err != nil {
		return 0, err
	}
	lines := strings.Split(string(text), "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		names, values := strings.Fields(lines[i]), strings.Fields(lines[i+1])
		for j := 1; j < min(len(names), len(values)); j++ {
			if slices.Contains(wanted, names[0]+names[j]) {
				n, err := strconv.Atoi(values[j])
				if err != nil {
					return 0, fmt.Errorf("counter %s%s: %w", names[0], names[j], err)
				}
				total += n
			}
		}
	}
	return total, nil
}

func writeSysctl(ns *lab.NS, name, value string) error {
	return ns.Do(func() error { return os.WriteFile("/proc/sys/"+name, []byte(value), 0) })
}
