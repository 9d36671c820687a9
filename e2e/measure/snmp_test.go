// SPDX-License-Identifier: Apache-2.0

package measure

import "testing"

func TestCounters(t *testing.T) {
	text := "Tcp: InCsumErrors\nTcp: 9\nUdp: InDatagrams NoPorts InCsumErrors\nUdp: 1 2 3\n"
	if n, err := snmpValue(text, "Udp:", "InCsumErrors"); n != 3 || err != nil {
		t.Errorf("got %d, %v, want 3", n, err)
	}
	if _, err := snmpValue(text, "Udp:", "None"); err == nil {
		t.Error("a missing counter is no error")
	}
	if n, err := snmp6Value("Udp6InErrors 1\nUdp6InCsumErrors    \t4\n", "Udp6InCsumErrors"); n != 4 || err != nil {
		t.Errorf("got %d, %v, want 4", n, err)
	}
}
