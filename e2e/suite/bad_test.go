// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"strings"
	"testing"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
)

// badCase is a call that must fail and change nothing.
type badCase struct {
	name    string
	prepare string // commands in the node, by line
	inside  string // commands in the container
	change  func(a *lab.Attachment)
	entry   lab.Conf
	code    uint
	words   []string
}

func netns(path string) func(*lab.Attachment) {
	return func(a *lab.Attachment) { a.NetNS = path }
}

const hostsOwn = "netns is the host's"

var badCases = []badCase{
	{name: "missing interface", change: func(a *lab.Attachment) { a.IfName = "net7" }, code: codeEnv, words: []string{"net7"}},
	{name: "no prevResult", entry: noPrev, code: codeConf, words: []string{"no prevResult", "behind"}},
	{name: "netns is not there", change: netns("/run/netns/nobody"), code: codeNetns, words: []string{"/run/netns/nobody"}},
	{name: "netns is a regular file", prepare: "touch /run/file", change: netns("/run/file"), code: codeNetns, words: []string{"/run/file"}},
	{name: "netns is a directory", change: netns("/run"), code: codeNetns, words: []string{"/run"}},
	{name: "netns is another kind of namespace", change: netns("/proc/self/ns/uts"), code: codeNetns, words: []string{"/proc/self/ns/uts"}},
	{name: hostsOwn, change: netns("/proc/self/ns/net"), code: codeNetns, words: []string{"host's own"}},
	{name: "unknown key", entry: lab.Conf{"egres": "rate 1mbit"}, code: codeConf, words: []string{"egres", "did you mean", "egress"}},
	{name: "wrong value", entry: lab.Conf{"egress": lab.Conf{"rules": []lab.Conf{{"match": lab.Conf{"port": 70000}}}}},
		code: codeConf, words: []string{"egress.rules[0].match.port", "70000", "1..65535"}},
	{name: "wrong type", entry: lab.Conf{"placement": 7}, code: codeConf, words: []string{"placement", "want a string", "number"}},
	{name: "unknown placement", entry: lab.Conf{"placement": "moon"}, code: codeConf, words: []string{"placement", "moon"}},
	{name: "unknown version", entry: lab.Conf{"cniVersion": "7.0.0"}, code: codeVersion, words: []string{"version"}},
	{name: "foreign root qdisc on eth0", inside: "tc qdisc add dev eth0 root handle 9: pfifo limit 7",
		code: codeForeign, words: []string{"eth0", "pfifo", "9:"}},
	{name: "foreign root qdisc on the host", prepare: "tc qdisc add dev HOST root handle 9: pfifo limit 7",
		entry: lab.Conf{"placement": "host"}, code: codeConf, words: []string{"host", "container"}},
	{name: "foreign HTB on the host", prepare: "tc qdisc add dev HOST root handle 1: htb\ntc class add dev HOST parent 1: classid 1:1 htb rate 1gbit",
		entry: lab.Conf{"placement": "host"}, code: codeConf, words: []string{"host"}},
}

// TestBadInput fails with a code and one useful line, and changes nothing.
func TestBadInput(t *testing.T) {
	for _, tt := range badCases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t, ptp)
			for line := range strings.Lines(tt.prepare) {
				n.tamper(n.Node, line)
			}
			for line := range strings.Lines(tt.inside) {
				n.tamper(n.container, line)
			}
			before := n.snapshot()
			entry := shape(conf.PlaceAuto)
			for key, v := range tt.entry {
				entry[key] = v
			}
			a := n.attach
			if tt.change != nil {
				tt.change(&a)
			}
			wantFailure(t, n.run(lab.ADD, a, n.stdin(entry)), tt.code, tt.words...)
			n.unchanged(before, "ADD that failed")
			if tt.code == codeVersion || tt.name == hostsOwn {
				return // skel, which every plugin has, refuses DEL too
			}
			if run := n.run(lab.DEL, a, n.stdin(entry)); run.ExitCode != 0 {
				t.Errorf("DEL: exit %d: %s", run.ExitCode, run.Stdout)
			}
			n.unchanged(before, "DEL")
		})
	}
}

// TestForeignHostQdisc leaves what is on the host's end where it is: auto goes
// into the container instead.
func TestForeignHostQdisc(t *testing.T) {
	for _, place := range []conf.Placement{conf.PlaceAuto, conf.PlaceContainer} {
		t.Run(string(place), func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t, ptp)
			n.tamper(n.Node, "tc qdisc add dev HOST root handle 9: pfifo limit 7")
			before := n.snapshot()
			n.ok(lab.ADD, shape(place))
			n.ok(lab.CHECK, shape(place))
			if qdiscs := strings.Join(n.snapshot().Section("node: tc qdisc"), "\n"); !strings.Contains(qdiscs, "pfifo 9:") {
				t.Errorf("the foreign qdisc is gone:\n%s", qdiscs)
			}
			n.ok(lab.DEL, shape(place))
			n.unchanged(before, "DEL")
		})
	}
}

// TestForeignHook reuses a hook that is there, with a filter of its owner.
func TestForeignHook(t *testing.T) {
	const filter = "tc filter add dev %s ingress protocol ip pref 5 u32 match ip protocol 47 0xff flowid 1:7"
	for _, hook := range []string{"clsact", "ingress"} {
		for _, tt := range []struct {
			place  conf.Placement
			inside bool
			dev    string
		}{{conf.PlaceHost, false, hostWord}, {conf.PlaceContainer, true, "eth0"}} {
			t.Run(hook+"/"+string(tt.place), func(t *testing.T) {
				t.Parallel()
				n := newNetwork(t, ptp)
				in := n.Node
				if tt.inside {
					in = n.container
				}
				n.tamper(in, "tc qdisc add dev "+tt.dev+" "+hook)
				n.tamper(in, strings.Replace(filter, "%s", tt.dev, 1))
				before := n.snapshot()
				for range 2 {
					n.ok(lab.ADD, shape(tt.place))
				}
				n.ok(lab.CHECK, shape(tt.place))
				n.ok(lab.DEL, shape(tt.place))
				n.unchanged(before, "DEL")
			})
		}
	}
}

// TestHostImpossible names what is in the way: a macvlan has no other end, and
// what the bandwidth plugin redirects never comes to a filter of ours.
func TestHostImpossible(t *testing.T) {
	for _, c := range chains {
		if c.can(conf.PlaceHost) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t, c)
			before := n.snapshot()
			wantFailure(t, n.call(lab.ADD, shape(conf.PlaceHost)), codeConf, "use")
			n.unchanged(before, "ADD that failed")
			n.ok(lab.DEL, shape(conf.PlaceHost))
			n.unchanged(before, "DEL")
		})
	}
}
