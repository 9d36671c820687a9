// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"iter"
	"maps"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"tcni.dev/e2e/bench/report"
	"tcni.dev/e2e/lab"
)

// lane is a pod with packets on their way out.
type lane struct {
	row *report.Row
	pod
	*blaster
	verify func(sent uint64) error // nil: nothing to verify
	err    error
}

// newLane makes a pod whose packets match the targets, rules by their numbers,
// and prepares it.
func (b *bench) newLane(row *report.Row, prepare func(*lane) error, targets ...int) *lane {
	l := &lane{row: row}
	l.pod, l.err = newPod(b.lab, strings.ReplaceAll(strings.TrimPrefix(row.ID, "packet/"), "/", "-"))
	if l.err == nil {
		l.err = prepare(l)
	}
	if l.err == nil {
		var to []netip.Addr
		for _, rule := range targets {
			to = append(to, ruleNet(rule).Addr().Next())
		}
		l.blaster, l.err = newBlaster(l.pod, rulePort, to...)
	}
	return l
}

// bareHTB is one class that lets everything through, and no filter.
func (b *bench) bareHTB(l *lane) error {
	for _, line := range []string{
		"qdisc add dev eth0 root handle 1: htb default 2",
		"class add dev eth0 parent 1: classid 1:2 htb rate 100gbit quantum 1514",
	} {
		if _, err := l.ns.Output(b.ctx, "tc", strings.Fields(line)...); err != nil {
			return err
		}
	}
	l.verify = b.wentThrough(l, "1:2")
	return nil
}

// shape has tcni put the rules there.
func (b *bench) shape(l *lane, c classifier, n int) error {
	e := entry{ours, lab.Conf{"egress": manyRules(n, "10gbit"), "policy": lab.Conf{"maxRules": maxRules}}}
	maps.Copy(e.keys, c.keys)
	if err := b.lab.Node.Do(func() error { return b.once(e, lab.ADD, l.pod) }); err != nil {
		return err
	}
	l.verify = b.wentThrough(l, "7c00:2")
	out, err := l.ns.Output(b.ctx, "tc", "filter", "show", "dev", "eth0")
	if err != nil {
		return err
	}
	kind := "u32"
	if strings.Contains(out, " bpf ") {
		kind = "bpf"
	}
	if c.kind != "" && c.kind != kind {
		return fmt.Errorf("tcni does not offer it: there are %s filters", kind)
	}
	if c.kind == "" {
		l.row.Note = kind
	}
	return nil
}

// wentThrough proves that a class has seen as many packets as were sent.
func (b *bench) wentThrough(l *lane, class string) func(uint64) error {
	counter := regexp.MustCompile(`class htb ` + class + ` [^\n]*\n Sent \d+ bytes (\d+) pkt`)
	return func(sent uint64) error {
		out, err := l.ns.Output(b.ctx, "tc", "-s", "class", "show", "dev", "eth0")
		if err != nil {
			return err
		}
		seen := "no"
		if m := counter.FindStringSubmatch(out); m != nil {
			seen = m[1]
		}
		if n, err := strconv.ParseUint(seen, 10, 64); err != nil || n < sent {
			return fmt.Errorf("sent %d packets, class %s has seen %s", sent, class, seen)
		}
		return nil
	}
}

// burst sends packets for some time and notes what one of them took.
func (l *lane) burst(record bool) {
	if l.err != nil {
		return
	}
	each, err := l.blast()
	if err != nil {
		l.err = err
	} else if record {
		l.row.Add(each.Seconds())
	}
}

// finish drops the samples of a lane whose packets went another way.
func (l *lane) finish() {
	if l.err == nil && l.verify != nil {
		l.err = l.verify(l.sent)
	}
	if l.err != nil {
		l.row.Samples, l.row.Problem = nil, l.err.Error()
	}
}

// race sends a burst through every lane in every round, and closes them.
func (b *bench) race(lanes []*lane, rounds iter.Seq[int]) error {
	defer func() {
		for _, l := range lanes {
			l.close()
		}
	}()
	return b.lab.Node.Do(func() error {
		if err := pin(); err != nil {
			return err
		}
		for round := range rounds {
			for i := range lanes {
				if err := b.ctx.Err(); err != nil {
					return err
				}
				lanes[order(round, i, len(lanes))].burst(round > 0)
			}
		}
		for _, l := range lanes {
			l.finish()
		}
		return nil
	})
}
