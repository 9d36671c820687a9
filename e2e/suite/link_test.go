// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"net/netip"
	"testing"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

// links are those that differ from what most containers have.
var links = []struct {
	name   string
	ifname string
	mtu    int
	ipam   lab.Conf
}{
	{"longest name", "net-of-15-chars", 1500, lab.HostLocal(lab.Subnet4, lab.Subnet6)},
	{"IPv6 only", "eth0", 1500, lab.HostLocal(lab.Subnet6)},
	{"small MTU", "eth0", 576, lab.Conf{"type": "host-local", // without a route of IPv6, which takes 1280
		"ranges": [][]lab.Conf{{{"subnet": lab.Subnet4}}}, "routes": []lab.Conf{{"dst": "0.0.0.0/0"}}}},
	{"largest MTU", "eth0", 65535, lab.HostLocal(lab.Subnet4, lab.Subnet6)},
}

// TestLinks walks through the verbs on each of them, and measures.
func TestLinks(t *testing.T) {
	for _, l := range links {
		for _, place := range placements {
			t.Run(l.name+"/"+string(place), func(t *testing.T) {
				t.Parallel()
				c := chain{"ptp", []lab.Conf{{"type": "ptp", "mtu": l.mtu, "ipam": l.ipam}}, true, false}
				n := joinAs(t, labtest.New(t, lab.Options{Worlds: lab.DefaultWorlds()}), c, "1.1.0", "web", l.ifname)
				before := n.snapshot()
				n.ok(lab.ADD, shape(place))
				n.ok(lab.CHECK, shape(place))
				want := n.snapshot()
				n.ok(lab.ADD, shape(place))
				n.equivalent(want, "a second ADD")
				world := n.World("payments")
				for _, addr := range n.addrs {
					remote := payments4
					if addr.Is6() {
						remote = payments6
					}
					if l.mtu >= throughputSize {
						n.wantBoth(world, addr, remote)
					}
				}
				n.ok(lab.DEL, shape(place))
				n.unchanged(before, "DEL")
			})
		}
	}
}

// throughputSize is the length of the packets that rates are measured with.
const throughputSize = 1000

// wantBoth holds both directions to shape's rates.
func (n *network) wantBoth(world *lab.NS, addr, remote netip.Addr) {
	n.t.Helper()
	wantRateOf(n.t, "egress", n.container, world, remote, 20e6)
	wantRateOf(n.t, "ingress", world, n.container, addr, 30e6)
}
