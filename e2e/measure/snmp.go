// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// checksumErrors reads how many UDP packets, IPv4 and IPv6, a namespace has dropped for a wrong
// checksum (InCsumErrors, since Linux 3.10).
func checksumErrors(ns Namespace) (int, error) {
	return open(ns, func() (int, error) {
		v4, err := os.ReadFile("/proc/thread-self/net/snmp")
		if err != nil {
			return 0, fmt.Errorf("protocol counters: %w", err)
		}
		n, err := snmpValue(string(v4), "Udp:", "InCsumErrors")
		if err != nil {
			return 0, err
		}
		v6, err := os.ReadFile("/proc/thread-self/net/snmp6")
		if err != nil {
			return n, nil // a kernel without IPv6
		}
		m, err := snmp6Value(string(v6), "Udp6InCsumErrors")
		return n + m, err
	})
}

// snmpValue finds a value in pairs of lines, names above and values below.
func snmpValue(text, protocol, name string) (int, error) {
	var names []string
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || fields[0] != protocol:
		case names == nil:
			names = fields
		default:
			for i := range min(len(names), len(fields)) {
				if names[i] == name {
					return strconv.Atoi(fields[i])
				}
			}
		}
	}
	return 0, fmt.Errorf("protocol counters: no %s %s", protocol, name)
}

// snmp6Value finds a value in lines of a name and a value.
func snmp6Value(text, name string) (int, error) {
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) == 2 && fields[0] == name {
			return strconv.Atoi(fields[1])
		}
	}
	return 0, fmt.Errorf("protocol counters: no %s", name)
}
