// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"os"
	"testing"

	"tcni.dev/e2e/lab"
)

// TestExample is the conflist as it is shipped.
func TestExample(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("../../conf/examples/bandwidth.conflist")
	if err != nil {
		t.Fatal(err)
	}
	n := newNode(t)
	before := n.snapshot()
	n.add(list)
	n.egress(10e6)
	n.ingress(20e6)
	n.free("egress to another network", n.container, n.World("catalogue"), catalogue, 10e6)
	n.del(list)
	n.wantSame(before, "DEL")
}

// TestTwoEntries: the later of two, under whatever name, takes the place of the
// earlier, and no more is left of them than of one.
func TestTwoEntries(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	before := n.snapshot()
	list := n.chain("1.0.0", static(8e6, 4e6), lab.Conf{"type": "tcni", "egress": "rate 6mbit"})
	n.add(list)
	n.egress(6e6)
	n.free("ingress", n.World("payments"), n.container, n.addr, 8e6)
	wantCode(t, n.check(list), 102, "want")
	n.del(list)
	n.wantSame(before, "DEL")

	list = n.chain("1.0.0", static(8e6, 4e6), lab.Conf{"type": "tcni"})
	n.add(list)
	n.free("egress", n.container, n.World("payments"), payments, 4e6)
	n.del(list)
	n.wantSame(before, "DEL")
}
