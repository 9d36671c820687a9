// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"strings"
	"testing"

	"tcni.dev/pkg/tc"
)

func TestTouchGivesATBFItsChildBack(t *testing.T) {
	ns, c, dev := lab(t)
	ns.run(t, "tc qdisc add dev eth0 root handle 1: tbf rate 10mbit burst 5000b limit 10000b")
	before := ns.run(t, "tc qdisc show dev eth0 invisible")
	ns.run(t, "tc qdisc add dev eth0 parent 1:1 handle 7c00: htb")
	ns.run(t, "tc qdisc del dev eth0 parent 1:1")
	if without := ns.run(t, "tc qdisc show dev eth0 invisible"); strings.Contains(without, "bfifo") || without == before {
		t.Fatalf("the child came back by itself: %s", without)
	}
	if err := c.Touch(dev, tc.HandleRoot); err != nil {
		t.Fatal(err)
	}
	if after := ns.run(t, "tc qdisc show dev eth0 invisible"); after != before {
		t.Errorf("got %s\nwant %s", after, before)
	}
}
