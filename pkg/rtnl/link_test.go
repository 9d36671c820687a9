// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"syscall"
	"testing"

	"tcni.dev/pkg/tc"
)

func TestLinks(t *testing.T) {
	ns, c, dev := lab(t)
	ns.run(t, "ip link set eth0 alias hello mtu 1400 txqueuelen 77 up")
	l, err := c.LinkByName("eth0")
	if err != nil {
		t.Fatal(err)
	}
	peer, err := c.LinkByIndex(l.Peer)
	if err != nil {
		t.Fatal(err)
	}
	if l.Kind != "veth" || l.MTU != 1400 || l.TxQLen != 77 || !l.Up() || l.Alias != "hello" || l.HasPeerNetns || peer.Name != "peer0" || peer.Up() || peer.Peer != l.Index {
		t.Errorf("got %+v and %+v", l, peer)
	}
	all, err := c.Links()
	if err != nil || len(all) < 3 {
		t.Errorf("links: %v, %v", all, err)
	}
	for _, err := range []error{second(c.LinkByName("nope")), second(c.LinkByAltName("nope")), second(c.LinkByIndex(4711))} {
		if !errors.Is(err, syscall.ENODEV) || !IsGone(err) {
			t.Errorf("got %v, want ENODEV", err)
		}
	}
	other := newNetns(t)
	oc := other.open(t)
	ns.run(t, "ip link add far0 type veth peer name near0")
	ns.run(t, "ip link set near0 master "+bridge(t, ns))
	if l, err := c.LinkByName("near0"); err != nil || l.Master == 0 {
		t.Errorf("master: %+v, %v", l, err)
	}
	if _, err := oc.LinkByName("eth0"); !IsGone(err) {
		t.Errorf("another namespace shows our eth0: %v", err)
	}
	if _, err := c.Dump(Device{Name: "nope"}); !IsGone(err) || err.Error() != "dump nope: no such device" {
		t.Errorf("got %v", err)
	}
	_ = dev
}

func second(_ Link, err error) error { return err }

func bridge(t *testing.T, ns *netns) string {
	t.Helper()
	ns.run(t, "ip link add br0 type bridge")
	return "br0"
}

func TestAltNames(t *testing.T) {
	_, c, dev := lab(t)
	const name = "tcni-0123456789abcdef0123456789abcdef"
	b := c.Batch()
	b.AddAltName(dev, name)
	b.AddAltName(Device{Name: "peer0"}, "tcni-peer")
	b.Apply(dev, adds(parse(t, root)))
	if err := b.Run(); err != nil {
		t.Fatal(err)
	}
	l, err := c.LinkByAltName(name)
	if err != nil || l.Name != "eth0" || len(l.AltNames) != 1 || l.AltNames[0] != name {
		t.Fatalf("got %+v, %v", l, err)
	}
	b = c.Batch()
	b.AddAltName(dev, "tcni-peer")
	err = b.Run()
	if !errors.Is(err, syscall.EEXIST) || !strings.HasPrefix(err.Error(), "ip link property add dev eth0 altname tcni-peer: ") {
		t.Errorf("a name of another device: %v", err)
	}
	b = c.Batch()
	b.DelAltName(dev, name)
	if err := b.Run(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.LinkByAltName(name); !IsGone(err) {
		t.Errorf("got %v", err)
	}
}

func TestAddrs(t *testing.T) {
	ns, c, dev := lab(t)
	for _, line := range []string{
		"ip link set eth0 address 02:00:00:00:00:07", "ip addr add 10.9.0.1/24 dev eth0", "ip addr add 10.9.1.1 peer 10.9.1.2 dev eth0",
		"ip -6 addr add fd00:9::1/64 dev eth0 nodad", "ip addr add 10.9.2.1/24 dev peer0",
	} {
		ns.run(t, line)
	}
	link, err := c.LinkByIndex(dev.Index)
	if err != nil || string(link.Address) != "\x02\x00\x00\x00\x00\x07" {
		t.Errorf("got %x, %v", link.Address, err)
	}
	addrs, err := c.Addrs(dev.Index)
	if got := fmt.Sprint(addrs); err != nil || got != "[10.9.0.1 10.9.1.1 fd00:9::1]" {
		t.Errorf("got %s, %v", got, err)
	}
	if addrs, err := c.Addrs(12345); len(addrs) > 0 {
		t.Errorf("of no device: %v, %v", addrs, err)
	}
}

func TestRouteSource(t *testing.T) {
	ns, c, dev := lab(t)
	for _, line := range []string{"ip addr add 10.9.0.1/24 dev eth0", "ip -6 addr add fd00:9::1/64 dev eth0 nodad", "ip link set peer0 up", "ip link set eth0 up"} {
		ns.run(t, line)
	}
	for dst, want := range map[string]string{"10.9.0.7": "10.9.0.1", "::ffff:10.9.0.7": "10.9.0.1", "fd00:9::7": "fd00:9::1"} {
		src, index, err := c.RouteSource(netip.MustParseAddr(dst))
		if err != nil || src.String() != want || index != dev.Index {
			t.Errorf("%s: %v dev %d, %v", dst, src, index, err)
		}
	}
	if _, _, err := c.RouteSource(netip.MustParseAddr("192.0.2.1")); !errors.Is(err, syscall.ENETUNREACH) {
		t.Errorf("got %v, want ENETUNREACH", err)
	}
}

// ifbTrees are an IFB with a tree, and a redirect from eth0 to it.
func ifbTrees(t *testing.T) (ifb, eth tc.Tree) {
	t.Helper()
	trees, err := tc.ParseTrees(`# container tcni0
ip link add name tcni0 txqueuelen 1000 mtu 1500 type ifb
ip link set dev tcni0 up
tc qdisc add dev tcni0 root handle 7c00: htb default 0x2 r2q 10 direct_qlen 100
tc class add dev tcni0 parent 7c00: classid 7c00:2 htb rate 1mbit ceil 1mbit burst 3000b cburst 3000b quantum 1514
# container eth0
tc qdisc add dev eth0 clsact
tc filter add dev eth0 ingress protocol all pref 1000 handle ::1 u32 match u32 0x00000000 0x00000000 at 0 action mirred egress redirect dev tcni0
`)
	if err != nil {
		t.Fatal(err)
	}
	return trees[0], trees[1]
}

// TestNewLink makes a device and what refers to it in one batch, then the same
// with the index taken that it would have had.
func TestNewLink(t *testing.T) {
	for _, taken := range []bool{false, true} {
		ns, c, dev := lab(t)
		if taken {
			if err := c.makeIFB(chosenIndex("tcni0"), "squatter"); err != nil {
				t.Fatal(err)
			}
		}
		ifb, eth := ifbTrees(t)
		b := c.Batch()
		b.Apply(dev, adds(eth))
		b.Apply(Device{Name: "tcni0"}, adds(ifb))
		if err := b.Run(); err != nil {
			t.Fatal(err)
		}
		have, err := c.DumpLink("tcni0")
		if err != nil {
			t.Fatal(err)
		}
		if ops, err := tc.Diff(have, ifb, everything); err != nil || len(ops) > 0 {
			t.Errorf("ifb: %v, %v", ops, err)
		}
		wantTree(t, c, dev, eth)
		if taken != strings.Contains(ns.run(t, "ip link show"), "squatter") {
			t.Error("squatter")
		}
		l, err := c.LinkByName("tcni0")
		if err != nil || !l.Up() || l.TxQLen != 1000 || (l.Index == chosenIndex("tcni0")) == taken {
			t.Errorf("got %+v, %v", l, err)
		}
		// Again: the device is there, and nothing else is tried.
		err = c.Apply(Device{Name: "tcni0"}, adds(ifb))
		var all Errors
		if !errors.As(err, &all) || len(all) != 1 || !errors.Is(err, syscall.EEXIST) || all[0].Device != "tcni0" {
			t.Errorf("got %v, want one EEXIST", err)
		}
		change := ifb.Objects[0].(tc.Link)
		change.TxQueueLen, change.MTU = 50, 1400
		if err := c.Apply(l.Device(), []tc.Op{{Verb: tc.Change, Object: change, Have: ifb.Objects[0]}, {Verb: tc.Delete, Object: change}}); err != nil {
			t.Error(err)
		}
		if have, err := c.DumpLink("tcni0"); err != nil || len(have.Objects) != 0 {
			t.Errorf("got %v, %v", have, err)
		}
		if err := c.Apply(l.Device(), []tc.Op{{Verb: tc.Delete, Object: change}}); !IsGone(err) {
			t.Errorf("got %v, want gone", err)
		}
	}
}

// makeIFB makes an IFB with a given index.
func (c *Conn) makeIFB(index int32, name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out.reset()
	e := encoder{out: &c.out, emit: func(int) error { return nil }}
	if err := e.newLink(index, name, tc.Link{Kind: "ifb"}); err != nil {
		return err
	}
	flags := c.out.b[6:]
	native.PutUint16(flags, native.Uint16(flags)|syscall.NLM_F_ACK)
	return c.request(func(message) error { return nil })
}

func TestProbe(t *testing.T) {
	ns, c, _ := lab(t)
	before := ns.run(t, "ip -d link show") + ns.run(t, "tc qdisc show")
	for _, kind := range []string{"htb", "tbf", "pfifo", "bfifo", "ifb", "mirred"} {
		if ok, err := c.Probe(kind); !ok || err != nil {
			t.Errorf("%s: %v, %v", kind, ok, err)
		}
	}
	for i := range probes { // each way of asking tells what is not there
		c.out.reset()
		probes[i].ask(&c.out, "nosuch")
		if ok, err := answer("nosuch", c.request(func(message) error { return nil })); ok || err != nil {
			t.Errorf("nosuch as %s: %v, %v", probes[i].kind, ok, err)
		}
	}
	if _, err := c.Probe("flower"); err == nil {
		t.Error("flower: want an error")
	}
	if after := ns.run(t, "ip -d link show") + ns.run(t, "tc qdisc show"); after != before {
		t.Errorf("a probe left something behind:\n%s\nwas\n%s", after, before)
	}
}
