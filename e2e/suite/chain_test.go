// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"net/netip"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
)

// chain is what stands before tcni.
type chain struct {
	name    string
	plugins []lab.Conf
	veth    bool // the container's interface has an end on the host
	shapes  bool // the reference bandwidth plugin is in it, and redirects egress
}

// behindPayments gives addresses of the world payments: a macvlan's container
// is a neighbour of the world.
var behindPayments = lab.Conf{
	"type": "host-local",
	"ranges": [][]lab.Conf{
		{{"subnet": "10.0.5.0/24", "rangeStart": "10.0.5.100"}},
		{{"subnet": "fd00:5::/64", "rangeStart": "fd00:5::100"}},
	},
	"routes": []lab.Conf{{"dst": "0.0.0.0/0", "gw": "10.0.5.1"}, {"dst": "::/0", "gw": "fd00:5::1"}},
}

// fast is a rate that the reference bandwidth plugin has and tcni's is below.
var fast = lab.Bandwidth(200e6, 1e6, 200e6, 1e6)

// chains are all chains under test.
var chains = []chain{
	{"ptp", []lab.Conf{lab.PTP()}, true, false},
	{"bridge", []lab.Conf{lab.Bridge()}, true, false},
	{"macvlan", []lab.Conf{macvlan()}, false, false},
	{"ptp-bandwidth", []lab.Conf{lab.PTP(), fast}, true, true},
	{"bridge-bandwidth", []lab.Conf{lab.Bridge(), fast}, true, true},
}

// ptp is the chain of tests that are not about chains.
var ptp = chains[0]

func macvlan() lab.Conf {
	c := lab.Macvlan("payments")
	c["ipam"] = behindPayments
	return c
}

// placements are all placements under test.
var placements = []conf.Placement{conf.PlaceAuto, conf.PlaceContainer, conf.PlaceHost}

// can tells whether a placement is to be had behind the chain.
func (c chain) can(place conf.Placement) bool {
	return place != conf.PlaceHost || c.veth && !c.shapes
}

// Addresses of the worlds (lab.DefaultWorlds).
var (
	payments4  = netip.MustParseAddr("10.0.5.10")
	payments6  = netip.MustParseAddr("fd00:5::10")
	catalogue4 = netip.MustParseAddr("10.0.6.10")
	catalogue6 = netip.MustParseAddr("fd00:6::10")
)
