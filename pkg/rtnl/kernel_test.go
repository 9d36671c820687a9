// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"strings"
	"testing"
)

const root = "tc qdisc add dev eth0 root handle 7c00: htb default 0x2 r2q 10 direct_qlen 100\n"

// roundTrips are trees that must come back from the kernel as they went in.
var roundTrips = []struct{ name, text string }{
	{"nothing", ""},
	{"htb", root},
	{"classes", root + `
tc class add dev eth0 parent 7c00: classid 7c00:1 htb rate 20mbit ceil 20mbit burst 20kb cburst 20kb quantum 1500
tc class add dev eth0 parent 7c00:1 classid 7c00:2 htb prio 3 rate 800bit ceil 20mbit burst 2000b cburst 20kb quantum 3000
tc class add dev eth0 parent 7c00:1 classid 7c00:3 htb rate 1mbit ceil 2mbit burst 1600b cburst 1600b quantum 1500 overhead 24 mpu 64 linklayer atm
tc qdisc add dev eth0 parent 7c00:2 handle 7c02: pfifo limit 1000
tc qdisc add dev eth0 parent 7c00:3 handle 7c03: bfifo limit 64kb
`},
	{"rates of 32 bits and more", root + `
tc class add dev eth0 parent 7c00: classid 7c00:1 htb rate 34359738352bit ceil 34359738360bit burst 100kb cburst 100kb quantum 9000
tc class add dev eth0 parent 7c00: classid 7c00:2 htb rate 34359738368bit ceil 34359738368bit burst 100kb cburst 100kb quantum 9000
tc class add dev eth0 parent 7c00: classid 7c00:3 htb rate 34359738376bit ceil 10tbit burst 100kb cburst 10mb quantum 9000
tc class add dev eth0 parent 7c00: classid 7c00:4 htb rate 10gbit ceil 10gbit burst 1250000b cburst 1250000b quantum 65535
tc class add dev eth0 parent 7c00: classid 7c00:ffff htb rate 8bit ceil 8bit burst 1b cburst 1b quantum 1500
`},
	{"tbf", root + `
tc class add dev eth0 parent 7c00: classid 7c00:2 htb rate 1gbit ceil 1gbit burst 125kb cburst 125kb quantum 1514
tc qdisc add dev eth0 parent 7c00:2 handle 1002: tbf rate 1tbit burst 1540b limit 100mb
tc qdisc add dev eth0 parent 1002:1 handle 2002: pfifo limit 7
`},
	{"tbf as root", "tc qdisc add dev eth0 root handle 1: tbf rate 10mbit burst 5000b limit 10000b\n"},
	{"u32", root + `
tc class add dev eth0 parent 7c00: classid 7c00:2 htb rate 1gbit ceil 1gbit burst 125kb cburst 125kb quantum 1514
tc filter add dev eth0 parent 7c00: protocol ip pref 1000 handle ::1 u32 match u32 0x0a000500 0xffffff00 at 16 flowid 7c00:2
tc filter add dev eth0 parent 7c00: protocol ip pref 1000 handle ::2 u32 match u32 0x00060000 0x00ff0000 at 8 match u32 0x00000050 0x0000ffff at 20 flowid 7c00:2
tc filter add dev eth0 parent 7c00: protocol ip pref 1000 handle ::3 u32 match u32 0x00000000 0x00000000 at 0 flowid 7c00:3
tc filter add dev eth0 parent 7c00: protocol ipv6 pref 2000 handle ::1 u32 match u32 0xfd000000 0xff000000 at -4 flowid 7c00:2
tc filter add dev eth0 parent 7c00: protocol arp pref 3000 handle ::1 u32 match u32 0x00000000 0x00000000 at 0 flowid 7c00:2
tc filter add dev eth0 parent 7c00: protocol all pref 4000 handle ::1 u32 match u32 0x00000000 0x00000000 at 0 flowid 7c00:2
`},
	{"clsact with a redirect", `
tc qdisc add dev eth0 clsact
tc filter add dev eth0 ingress protocol all pref 1000 handle ::1 u32 match u32 0x00000000 0x00000000 at 0 action mirred egress redirect dev peer0
tc filter add dev eth0 egress protocol ip pref 2000 handle ::1 u32 match u32 0x00000000 0x00000000 at 0 action mirred egress redirect dev lo
`},
	{"ingress with a redirect", `
tc qdisc add dev eth0 ingress
tc filter add dev eth0 ingress protocol all pref 1000 handle ::1 u32 match u32 0x00000000 0x00000000 at 0 action mirred egress redirect dev peer0
`},
}

func TestRoundTrip(t *testing.T) {
	for _, tt := range roundTrips {
		t.Run(strings.ReplaceAll(tt.name, " ", "_"), func(t *testing.T) {
			_, c, dev := lab(t)
			want := parse(t, tt.text)
			if err := c.Apply(dev, adds(want)); err != nil {
				t.Fatal(err)
			}
			have := wantTree(t, c, dev, want)
			if len(have.Objects) != len(want.Objects) {
				t.Errorf("got %d objects, want %d:\n%s", len(have.Objects), len(want.Objects), strings.Join(have.Lines(), "\n"))
			}
		})
	}
}
