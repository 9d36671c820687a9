// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"testing"
	"time"

	"tcni.dev/pkg/tc"
)

// TestStatsOfOneMoment reads while a queue empties: what left, what waits and
// what was dropped are together what came, though a packet leaves during one
// reading in twenty.
func TestStatsOfOneMoment(t *testing.T) {
	for _, tt := range []struct{ name, queues string }{
		{"buffer", "tc qdisc add dev eth0 parent 7c00:2 handle 7c02: pfifo limit 50\n"},
		{"delay and buffer", `
tc qdisc add dev eth0 parent 7c00:2 handle 7c02: netem limit 1000 delay 5ms
tc qdisc add dev eth0 parent 7c02:1 handle 7c03: pfifo limit 50
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for slower := time.Duration(1); ; slower *= 2 {
				readings, wrong := readMoments(t, tt.queues, slower)
				if readings < sent && slower < 64 {
					continue // the processor was taken away: what is read meanwhile tells nothing
				}
				if readings < sent || wrong > readings/500 {
					t.Errorf("%d of %d readings are not what came", wrong, readings)
				}
				return
			}
		})
	}
}

// sent is how many packets come to the class.
const sent = 100

// readMoments counts the readings, and those that are wrong, while the queues
// empty, a packet in the time of twenty readings as long as those before, or
// some times that.
func readMoments(t *testing.T, queues string, slower time.Duration) (readings, wrong int) {
	t.Helper()
	ns, c, dev := lab(t)
	ns.run(t, "ip link set eth0 addrgenmode none") // no packets of IPv6's own
	want := parse(t, root+`
tc class add dev eth0 parent 7c00: classid 7c00:2 htb rate 40mbit ceil 40mbit burst 2000b cburst 2000b quantum 1514
`+queues)
	if want.Objects[2].(tc.Qdisc).Spec.Kind() == "netem" {
		needNetem(t, c)
	}
	if err := c.Apply(dev, adds(want)); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for range 20 {
		moment(t, c, dev)
	}
	slowDown(t, c, dev, want, slower*time.Since(start))
	flood(t, ns, sent)
	s := moment(t, c, dev)
	for ; s.waiting > 0; s = moment(t, c, dev) {
		readings++
		if s.left+s.waiting+s.dropped != sent {
			wrong++
		}
	}
	if s.left+s.dropped != sent || s.dropped == 0 {
		t.Errorf("at the end %+v of %d", s, sent)
	}
	return readings, wrong
}

// slowDown makes the class take some time for a packet of flood's.
func slowDown(t *testing.T, c *Conn, dev Device, tree tc.Tree, packet time.Duration) {
	t.Helper()
	class := tree.Objects[1].(tc.Class)
	class.HTB.Rate = tc.Rate(542 * 8 * time.Second / packet)
	class.HTB.Ceil = class.HTB.Rate
	if err := c.Apply(dev, []tc.Op{{Verb: tc.Change, Object: class}}); err != nil {
		t.Fatal(err)
	}
}

// sum is where the packets are: those that left the class, and those of the qdisc in it.
type sum struct{ left, waiting, dropped uint64 }

func moment(t *testing.T, c *Conn, dev Device) (out sum) {
	t.Helper()
	all, err := c.Stats(dev)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		switch s.Handle {
		case tc.MakeHandle(0x7c00, 2):
			out.left = s.Packets
		case tc.MakeHandle(0x7c02, 0):
			out.waiting, out.dropped = uint64(s.Queued), uint64(s.Drops)
		}
	}
	return out
}
