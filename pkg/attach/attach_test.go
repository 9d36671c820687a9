// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tcni.dev/pkg/tc"
)

// rates needs no kernel but one with HTB.
const rates = `"egress":{"rate":"20mbit","rules":[{"match":{"cidr":"10.0.5.0/24"},"rate":"5mbit"}]},"ingress":"rate 50mbit"`

func (n *node) add(a Attachment) {
	n.t.Helper()
	if _, err := Add(a, n.records); err != nil {
		n.t.Fatal(err)
	}
}

func (n *node) remove(a Attachment) {
	n.t.Helper()
	if err := Remove(a.Identity, a.Netns, a.ExemptNode, n.records); err != nil {
		n.t.Fatal(err)
	}
}

func TestAddCheckRemove(t *testing.T) {
	for _, placement := range []string{"auto", "container", "host"} {
		t.Run(placement, func(t *testing.T) {
			n := newNode(t)
			before := n.seen()
			a := n.attachment(rates + `,"placement":"` + placement + `"`)
			n.add(a)
			if err := Check(a, n.records); err != nil {
				t.Error(err)
			}
			once := n.seen()
			n.add(a)
			if diff := cmp.Diff(once, n.seen()); diff != "" {
				t.Errorf("twice is not once: %s", diff)
			}
			for range 2 {
				n.remove(a)
				if diff := cmp.Diff(before, n.seen()); diff != "" {
					t.Errorf("left behind: %s", diff)
				}
			}
			var m *MismatchError
			if err := Check(a, n.records); !errors.As(err, &m) {
				t.Errorf("check of nothing: %v", err)
			}
		})
	}
}

func TestAddConverges(t *testing.T) {
	for _, c := range []struct{ name, tamper, want string }{
		{"class", "tc class change dev eth0 parent 7c00: classid 7c00:1 htb rate 1mbit quantum 2500 burst 3028 cburst 3028",
			"container eth0: class 7c00:1: want htb rate 20mbit ceil 20mbit burst 10000b cburst 10000b quantum 1514, got htb rate 1mbit ceil 1mbit burst 3028b cburst 3028b quantum 1514"},
		{"qdisc", "tc qdisc del dev eth0 root", "container eth0: qdisc root: want htb 7c00: default 0x3 r2q 10 direct_qlen 1000, got nothing"},
		{"filter", "tc filter del dev eth0 parent 7c00: pref 3000 protocol ip",
			"container eth0: filter 7c00: ip 3: want u32 with 1 elements, got nothing"},
		{"node", "tc filter add dev eth0 parent 7c00: pref 3000 protocol ip handle ::5 u32 match u32 0 0 flowid 7c00:2",
			"container eth0: filter 7c00: ip 3: want nothing, got handle ::2 u32 match u32 0x00000000 0x00000000 at 0 flowid 7c00:2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNode(t)
			a := n.attachment(rates)
			n.add(a)
			n.inPod(c.tamper)
			var m *MismatchError
			if err := Check(a, n.records); !errors.As(err, &m) || m.Differences[0] != c.want {
				t.Fatalf("\n got %v\nwant %s", err, c.want)
			}
			n.add(a)
			if err := Check(a, n.records); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPlacementMoves(t *testing.T) {
	n := newNode(t)
	before := n.seen()
	for _, placement := range []string{"host", "container", "auto", "host"} {
		a := n.attachment(rates + `,"placement":"` + placement + `"`)
		n.add(a)
		if err := Check(a, n.records); err != nil {
			t.Errorf("%s: %v", placement, err)
		}
	}
	n.remove(n.attachment(rates))
	if diff := cmp.Diff(before, n.seen()); diff != "" {
		t.Errorf("left behind: %s", diff)
	}
}

func TestForeign(t *testing.T) {
	for _, c := range []struct{ qdisc, want string }{
		{"root handle 5: htb", "root is taken by htb 5:"},
		{"root handle 1003: pfifo", "root is taken by pfifo 1003:"}, // numbers that our qdiscs have elsewhere
		{"root handle 3003: tbf rate 1gbit burst 20kb limit 1mb", "root is taken by tbf 3003:"},
		{"root handle 5010: htb", "root is taken by htb 5010:"},
	} {
		t.Run(c.qdisc, func(t *testing.T) {
			n := newNode(t)
			n.inPod("tc qdisc add dev eth0 " + c.qdisc)
			before := n.seen()
			_, err := Add(n.attachment(rates), n.records)
			var foreign *tc.ForeignError
			if !errors.As(err, &foreign) || !strings.Contains(err.Error(), "eth0: qdisc "+c.want) {
				t.Errorf("got %v", err)
			}
			if diff := cmp.Diff(before, n.seen()); diff != "" {
				t.Errorf("touched: %s", diff)
			}
		})
	}
}

// TestCheckNamesForeign has somebody else's qdisc come in the place of ours.
func TestCheckNamesForeign(t *testing.T) {
	for _, placement := range []string{"auto", "host"} {
		n := newNode(t)
		a := n.attachment(rates + `,"placement":"` + placement + `"`)
		n.add(a)
		n.run("tc qdisc replace dev veth0 root handle 5: tbf rate 1gbit burst 20kb limit 1mb")
		var m *MismatchError
		if err := Check(a, n.records); !errors.As(err, &m) || len(m.Differences) < 2 || !strings.Contains(m.Differences[0], "host veth0: qdisc root: want htb 7c00:") || !strings.Contains(m.Differences[0], "got tbf 5:") {
			t.Errorf("%s: %v", placement, err)
		}
		n.remove(a)
	}
}

// TestForeignBeside has what is not ours on a device where ours is not.
func TestForeignBeside(t *testing.T) {
	n := newNode(t)
	n.inPod("tc qdisc add dev eth0 root handle 1003: htb")
	n.inPod("tc class add dev eth0 parent 1003: classid 1003:1 htb rate 1gbit")
	n.inPod("tc qdisc add dev eth0 parent 1003:1 handle 5010: pfifo limit 7")
	n.run("tc qdisc add dev veth0 clsact")
	n.run("tc filter add dev veth0 ingress pref 31500 protocol all u32 match u32 0 0 flowid 1:1")
	before := n.seen()
	a := n.attachment(`"ingress":"rate 50mbit"`)
	for range 2 {
		n.add(a)
		if err := Check(a, n.records); err != nil {
			t.Error(err)
		}
	}
	n.remove(a)
	if diff := cmp.Diff(before, n.seen()); diff != "" {
		t.Errorf("touched: %s", diff)
	}
}

func TestForeignOnHost(t *testing.T) {
	n := newNode(t)
	n.run("tc qdisc add dev veth0 root handle 5: htb")
	n.run("tc qdisc add dev veth0 clsact")
	before := n.seen()
	a := n.attachment(rates) // auto goes elsewhere
	n.add(a)
	if err := Check(a, n.records); err != nil {
		t.Error(err)
	}
	n.remove(a)
	if diff := cmp.Diff(before, n.seen()); diff != "" {
		t.Errorf("touched: %s", diff)
	}
	if _, err := Add(n.attachment(rates+`,"placement":"host"`), n.records); !errors.Is(err, ErrShape) {
		t.Errorf("host: got %v", err)
	}
	if diff := cmp.Diff(before, n.seen()); diff != "" {
		t.Errorf("touched: %s", diff)
	}
}

// TestForeignHook finds a hook that somebody else has made, and leaves it there
// though nothing is on it any more.
func TestForeignHook(t *testing.T) {
	for _, kind := range []string{"clsact", "ingress"} {
		for placement, device := range map[string]string{"host": "veth0", "container": "eth0"} {
			t.Run(kind+" "+placement, func(t *testing.T) {
				n := newNode(t)
				run := n.run
				if device == "eth0" {
					run = n.inPod
				}
				run("tc qdisc add dev " + device + " " + kind)
				before := n.seen()
				a := n.attachment(rates + `,"placement":"` + placement + `"`)
				for range 2 {
					n.add(a)
					if err := Check(a, n.records); err != nil {
						t.Error(err)
					}
				}
				n.remove(a)
				if diff := cmp.Diff(before, n.seen()); diff != "" {
					t.Errorf("touched: %s", diff)
				}
			})
		}
	}
}

// TestForeignBeforeTheRedirect tells of a filter that takes packets before ours.
func TestForeignBeforeTheRedirect(t *testing.T) {
	for pref, want := range map[string]string{
		"7":     "egress: a filter of somebody else's on host veth0, u32 with preference 7, is asked first: what it takes passes unshaped",
		"40000": "",
	} {
		n := newNode(t)
		n.run("tc qdisc add dev veth0 clsact")
		n.run("tc filter add dev veth0 ingress pref " + pref + " protocol all u32 match u32 0 0 flowid 1:1")
		warnings, err := Add(n.attachment(`"egress":"rate 5mbit","placement":"host"`), n.records)
		if err != nil || strings.Join(warnings, "\n") != want {
			t.Errorf("preference %s: %q, %v", pref, warnings, err)
		}
	}
}

func TestBelowTheBandwidthPluginsTBF(t *testing.T) {
	n := newNode(t)
	n.run("tc qdisc add dev veth0 root handle 1: tbf rate 10mbit burst 5000b limit 10000b")
	before := n.seen()
	a := n.attachment(rates)
	for range 2 {
		n.add(a)
		if err := Check(a, n.records); err != nil {
			t.Error(err)
		}
	}
	if out := n.run("tc qdisc show dev veth0"); !strings.Contains(out, "htb 7c00: parent 1:1") {
		t.Errorf("not below the TBF: %s", out)
	}
	for range 2 {
		n.remove(a)
		if diff := cmp.Diff(before, n.seen()); diff != "" {
			t.Errorf("left behind: %s", diff)
		}
	}
}

func TestAnyClassifierBecomesAnyOther(t *testing.T) {
	n := newNode(t)
	before := n.seen()
	rules := func(classifier, cidr string) Attachment {
		return n.attachment(`"classifier":"` + classifier + `","egress":{"rules":[{"match":{"cidr":"` + cidr + `"},"rate":"5mbit"}]}`)
	}
	var last Attachment
	for _, a := range []Attachment{rules("u32", "10.0.5.0/24"), rules("bpf", "10.0.5.0/24"), rules("bpf", "10.0.6.0/24"), rules("u32", "10.0.6.0/24")} {
		n.add(a)
		if err := Check(a, n.records); err != nil {
			t.Error(err)
		}
		last = a
	}
	n.inPod("tc filter del dev eth0 parent 7c00: pref 3000 protocol ip")
	if err := Check(last, n.records); err == nil {
		t.Error("check sees no difference")
	}
	n.remove(last)
	if diff := cmp.Diff(before, n.seen()); diff != "" {
		t.Errorf("left behind: %s", diff)
	}
}

func TestWhereThereIsNothing(t *testing.T) {
	n := newNode(t)
	a := n.attachment(rates)
	a.IfName = "eth9"
	if _, err := Add(a, n.records); !errors.Is(err, ErrNoInterface) {
		t.Errorf("no interface: got %v", err)
	}
	for _, netns := range []string{"", "/proc/thread-self/ns/net", "/nowhere", "/etc/passwd"} {
		a := n.attachment(rates)
		a.Netns = netns
		if _, err := Add(a, n.records); !errors.Is(err, ErrNetns) {
			t.Errorf("netns %q: got %v", netns, err)
		}
		if err := Remove(a.Identity, netns, false, n.records); err != nil {
			t.Errorf("netns %q: remove: %v", netns, err)
		}
	}
}

func TestRemoveWithoutTheNamespace(t *testing.T) {
	n := newNode(t)
	a := n.attachment(rates + `,"placement":"host"`)
	n.add(a)
	if err := n.records.Remove(a.Mark()); err != nil {
		t.Fatal(err)
	}
	if err := Remove(a.Identity, "", false, n.records); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"ip link show dev veth0", "tc qdisc show"} {
		if out := n.run(line); strings.Contains(out, "tcni") || strings.Contains(out, "7c00:") || strings.Contains(out, "clsact") {
			t.Errorf("left behind: %s", out)
		}
	}
}

// TestMTUChanges wants a changed MTU to be seen, and mended in place: without it,
// packets of the new size are too long for the segmenter.
func TestMTUChanges(t *testing.T) {
	for _, placement := range []string{"auto", "container", "host"} {
		t.Run(placement, func(t *testing.T) {
			n := newNode(t)
			a := n.attachment(`"egress":"rate 20mbit buffer 64kb","ingress":"rate 2gbit buffer 128kb","placement":"` + placement + `"`)
			n.add(a)
			for _, mtu := range []string{"9000", "1400"} {
				n.ip("link set veth0 mtu " + mtu)
				n.inPod("ip link set eth0 mtu " + mtu)
				var m *MismatchError
				if err := Check(a, n.records); !errors.As(err, &m) {
					t.Fatalf("MTU %s is not seen: %v", mtu, err)
				}
				n.add(a)
				if err := Check(a, n.records); err != nil {
					t.Errorf("MTU %s: %v", mtu, err)
				}
			}
		})
	}
}
