// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"strings"
	"testing"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
)

// Words in the commands of tampering: the devices of a direction's tree.
const (
	ifbWord  = "IFB"
	hostWord = "HOST"
)

// hostLink is the name of the container's other end.
func (n *network) hostLink() string {
	n.t.Helper()
	for _, line := range n.snapshot().Section("node: ip link") {
		if name, _, ok := strings.Cut(line, "@"); ok && strings.HasPrefix(name, "veth") {
			return name
		}
	}
	n.t.Fatal("the container has no other end on the host")
	return ""
}

// ifb is the name of the attachment's IFB in a namespace.
func (n *network) ifb(in *lab.NS) string {
	n.t.Helper()
	out, err := in.Output(n.t.Context(), "ip", "-o", "link", "show", "type", "ifb")
	if err != nil {
		n.t.Fatal(err)
	}
	fields := strings.Fields(out)
	if len(fields) < 2 {
		n.t.Fatalf("no IFB in %s", in.Name)
	}
	return strings.TrimSuffix(fields[1], ":")
}

// tamper runs a command in a namespace.
func (n *network) tamper(in *lab.NS, command string) {
	n.t.Helper()
	words := strings.Fields(command)
	for i, w := range words {
		switch w {
		case ifbWord:
			words[i] = n.ifb(in)
		case hostWord:
			words[i] = n.hostLink()
		}
	}
	if _, err := in.Output(n.t.Context(), words[0], words[1:]...); err != nil {
		n.t.Fatal(err)
	}
}

// tampering is what others may do to our trees, and what CHECK says of it.
var tampering = []struct {
	name    string
	place   conf.Placement
	inside  bool // the container's namespace
	command string
	says    []string
}{
	{"class changed", conf.PlaceAuto, true, "tc class change dev eth0 parent 7c00:1 classid 7c00:3 htb rate 7mbit quantum 1514",
		[]string{"container eth0", "7c00:3", "want", "got"}},
	{"class changed on the host", conf.PlaceAuto, false, "tc class change dev HOST parent 7c00:1 classid 7c00:3 htb rate 7mbit quantum 1514",
		[]string{"host veth", "7c00:3", "want", "got"}},
	{"filter deleted", conf.PlaceAuto, true, "tc filter del dev eth0 parent 7c00: pref 3000", []string{"container eth0", "filter", "got nothing"}},
	{"filter added", conf.PlaceAuto, true,
		"tc filter add dev eth0 parent 7c00: protocol ip pref 10 u32 match u32 0 0 flowid 7c00:2", []string{"container eth0", "want nothing"}},
	{"leaf deleted", conf.PlaceAuto, true, "tc qdisc del dev eth0 parent 7c00:3", []string{"container eth0", "qdisc", "got"}},
	{"qdisc deleted", conf.PlaceAuto, true, "tc qdisc del dev eth0 root", []string{"container eth0", "htb", "got nothing"}},
	{"qdisc deleted on the host", conf.PlaceAuto, false, "tc qdisc del dev HOST root", []string{"host veth", "htb", "got nothing"}},
	{"qdisc replaced", conf.PlaceAuto, true, "tc qdisc replace dev eth0 root handle 7c01: pfifo", []string{"eth0"}},
	{"IFB deleted", conf.PlaceContainer, true, "ip link del IFB", []string{"container tcni", "got nothing"}},
	{"IFB deleted on the host", conf.PlaceHost, false, "ip link del IFB", []string{"host tcni", "got nothing"}},
	{"redirect deleted", conf.PlaceHost, false, "tc filter del dev HOST ingress", []string{"host veth", "filter", "got nothing"}},
	{"hook deleted", conf.PlaceContainer, true, "tc qdisc del dev eth0 clsact", []string{"container eth0", "clsact"}},
}

// TestCheckSeesTampering tampers, has CHECK tell it, and has ADD mend it.
func TestCheckSeesTampering(t *testing.T) {
	for _, tt := range tampering {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t, ptp)
			before := n.snapshot()
			n.ok(lab.ADD, shape(tt.place))
			want := n.snapshot()
			in := n.Node
			if tt.inside {
				in = n.container
			}
			n.tamper(in, tt.command)
			e := failure(t, n.call(lab.CHECK, shape(tt.place)))
			if e.Code != codeMismatch {
				t.Errorf("code %d", e.Code)
			}
			for _, w := range tt.says {
				if !strings.Contains(e.Msg+e.Details, w) {
					t.Errorf("%q lacks %q", e.Msg+"\n"+e.Details, w)
				}
			}
			t.Log(e.Msg)
			if tt.name == "qdisc replaced" { // somebody else's now: ADD refuses, see TestForeign
				n.tamper(in, "tc qdisc del dev eth0 root")
			}
			n.ok(lab.ADD, shape(tt.place))
			n.ok(lab.CHECK, shape(tt.place))
			n.equivalent(want, "tampering and ADD")
			n.ok(lab.DEL, shape(tt.place))
			n.unchanged(before, "DEL")
		})
	}
}

// TestCheckListsAll names every difference in the details.
func TestCheckListsAll(t *testing.T) {
	n := newNetwork(t, ptp)
	n.ok(lab.ADD, shape(conf.PlaceAuto))
	n.tamper(n.container, "tc class change dev eth0 parent 7c00:1 classid 7c00:3 htb rate 7mbit quantum 1514")
	n.tamper(n.Node, "tc qdisc del dev HOST root")
	e := failure(t, n.call(lab.CHECK, shape(conf.PlaceAuto)))
	for _, w := range []string{"container eth0: class 7c00:3", "host " + n.hostLink()} {
		if !strings.Contains(e.Details, w) {
			t.Errorf("details lack %q:\n%s", w, e.Details)
		}
	}
}
