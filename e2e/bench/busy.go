// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

// busyCounts is how many impairments are busy at once.
var busyCounts = []int{1, 10, 50, 100, 200}

const (
	busyDelay = 100 * time.Millisecond
	// busyBurst is long beside the delay: for most of it, as many packets leave
	// as come.
	busyBurst = 400 * time.Millisecond
	// busyMemory lets a socket have so many bytes on their way.
	busyMemory = 1 << 28
)

// busyGroup shows how a packet's cost grows with the number of impairments that
// hold packets back: HTB asks each of them in vain (htb_dequeue_tree).
func busyGroup() group {
	g := group{Group: report.Group{
		Title: "A packet, with impairments that are busy at once",
		Note:  "UDP, 64 bytes, to each rule in turn; each rule has a delay of its own, of 100 ms and more",
		Rows:  []*report.Row{{ID: "busy/none", Label: "no qdisc", Unit: report.PerPacket}},
	}, measure: (*bench).busy, netem: true}
	for _, n := range busyCounts {
		row := &report.Row{ID: busyID(n), Label: fmt.Sprintf("impairments: %d", n), Unit: report.PerPacket}
		if n != busyCounts[0] {
			row.Ratios = []report.Ratio{{Of: busyID(busyCounts[0]), Name: "one"}}
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func busyID(n int) string { return "busy/" + strconv.Itoa(n) }

// differentDelays is a direction with n rules of an impairment each.
func differentDelays(n int) lab.Conf {
	rules := make([]lab.Conf, n)
	for i := range rules {
		rules[i] = lab.Conf{
			"match": lab.Conf{"cidr": ruleNet(i).String()},
			"delay": (busyDelay + time.Duration(i)*time.Microsecond).String(),
		}
	}
	return lab.Conf{"rules": rules}
}

func (b *bench) busy(g *report.Group) error {
	lanes := []*lane{b.busyLane(g.Row("busy/none"), 1, func(*lane) error { return nil })}
	for _, n := range busyCounts {
		lanes = append(lanes, b.busyLane(g.Row(busyID(n)), n, func(l *lane) error {
			e := entry{ours, lab.Conf{"egress": differentDelays(n), "policy": lab.Conf{"maxRules": maxRules}}}
			l.verify = b.allBusy(l, n)
			return b.lab.Node.Do(func() error { return b.once(e, lab.ADD, l.pod) })
		}))
	}
	return b.race(lanes, b.rounds(3, 1))
}

// busyLane sends to n rules in turn, however much has not left yet.
func (b *bench) busyLane(row *report.Row, n int, prepare func(*lane) error) *lane {
	rules := make([]int, max(n, 2)) // two of one, too: the socket is then used alike
	for i := range rules {
		rules[i] = i % n
	}
	l := b.newLane(row, prepare, rules...)
	if l.err == nil {
		l.lasts, l.rest = busyBurst, 2*busyDelay
		l.err = unix.SetsockoptInt(l.fd, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, busyMemory)
	}
	return l
}

var netemSent = regexp.MustCompile(`qdisc netem [^\n]*\n Sent \d+ bytes [1-9]\d* pkt \(dropped 0,`)

// allBusy proves that as many netems as there are rules let packets through, and
// lost none.
func (b *bench) allBusy(l *lane, n int) func(uint64) error {
	return func(uint64) error {
		out, err := l.ns.Output(b.ctx, "tc", "-s", "qdisc", "show", "dev", "eth0")
		if err != nil {
			return err
		}
		if seen := len(netemSent.FindAllString(out, -1)); seen != n {
			return fmt.Errorf("%d of %d netems have seen packets and lost none", seen, n)
		}
		return nil
	}
}
