// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"fmt"
	"testing"

	"tcni.dev/e2e/lab"
)

// static is a conflist's entry with rates in bit/s, the bursts of 20 ms.
func static(ingress, egress int64) lab.Conf {
	return lab.Bandwidth(ingress, ingress/50, egress, egress/50)
}

// capability is an entry for a runtime's rates.
var capability = lab.Conf{"type": "bandwidth", "capabilities": lab.Conf{"bandwidth": true}}

// TestStatic walks through the verbs with rates in the conflist, in all versions
// that know chains.
func TestStatic(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			n := newNode(t)
			list := n.chain(version, static(8e6, 4e6))
			before := n.snapshot()
			out := n.add(list)
			if out.Stderr != "" {
				t.Errorf("stderr: %s", out.Stderr)
			}
			if version == "1.0.0" {
				n.egress(4e6)
				n.ingress(8e6)
			}
			if err := n.check(list); err != nil && version >= "0.4.0" {
				t.Errorf("CHECK: %v", err)
			}
			n.del(list)
			n.del(list)
			n.wantSame(before, "DEL")
		})
	}
}

// TestOneDirection leaves the other one alone.
func TestOneDirection(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.add(n.chain("1.0.0", static(0, 4e6)))
	n.egress(4e6)
	n.free("ingress", n.World("payments"), n.container, n.addr, 8e6)

	n = newNode(t)
	n.add(n.chain("1.0.0", static(8e6, 0)))
	n.ingress(8e6)
	n.free("egress", n.container, n.World("payments"), payments, 4e6)
}

// TestRuntime gives the rates as runtimes spell them.
func TestRuntime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		args lab.Conf
	}{
		{"containerd", lab.Conf{"IngressRate": 8000000, "IngressBurst": 4294967295, "EgressRate": 4000000, "EgressBurst": 4294967295}},
		{"CRI-O", lab.Conf{"ingressRate": 8000000, "ingressBurst": 34359738359, "egressRate": 4000000, "egressBurst": 34359738359}},
		{"reference", lab.Conf{"ingressRate": 8000000, "ingressBurst": 160000, "egressRate": 4000000, "egressBurst": 80000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := newNode(t)
			n.attach.Capabilities = map[string]any{"bandwidth": c.args}
			n.add(n.chain("1.0.0", capability))
			n.egress(4e6)
			n.ingress(8e6)
		})
	}
}

// TestStaticWins: rates in the conflist take the place of the runtime's.
func TestStaticWins(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	n.attach.Capabilities = map[string]any{"bandwidth": lab.Conf{"ingressRate": 1000000, "ingressBurst": 80000}}
	both := static(8e6, 4e6)
	both["capabilities"] = capability["capabilities"]
	n.add(n.chain("1.0.0", both))
	n.egress(4e6)
	n.ingress(8e6)
}

// TestNothing asks for nothing.
func TestNothing(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	before := n.snapshot()
	list := n.chain("1.0.0", capability)
	n.add(list)
	n.free("egress", n.container, n.World("payments"), payments, 4e6)
	n.del(list)
	n.wantSame(before, "DEL")
}

// TestInvalid refuses what the reference refuses, and leaves nothing, which that
// one does not.
func TestInvalid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		entry lab.Conf
		want  string
	}{
		{lab.Bandwidth(0, 123, 4e6, 80000), "ingressRate: is missing"},
		{lab.Bandwidth(8e6, 160000, 4e6, 8<<32), "egressBurst: 34359738368 is outside"},
	} {
		n := newNode(t)
		before := n.snapshot()
		_, err := n.Add(t.Context(), n.chain("1.0.0", c.entry), n.attach)
		wantCode(t, err, 7, c.want)
		n.del(n.chain("1.0.0")) // of what came before in the chain
		n.wantSame(before, "a failed ADD")
	}
}

// TestSubnets holds the rates to some remote networks, or to all but some.
func TestSubnets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key, network string
		shaped       string // which world
	}{
		{"unshapedSubnets", "10.0.6.0/24", "payments"},
		{"shapedSubnets", "10.0.5.0/24", "payments"},
	} {
		t.Run(c.key, func(t *testing.T) {
			t.Parallel()
			n := newNode(t)
			entry := static(8e6, 4e6)
			entry[c.key] = []string{c.network}
			list := n.chain("1.0.0", entry)
			n.add(list)
			n.egress(4e6)
			n.ingress(8e6)
			n.free("egress to another network", n.container, n.World("catalogue"), catalogue, 4e6)
			n.free("ingress from another network", n.World("catalogue"), n.container, n.addr, 8e6)
			if err := n.check(list); err != nil {
				t.Errorf("CHECK: %v", err)
			}
		})
	}
}

// TestSecondAdd changes the rates, where the reference fails.
func TestSecondAdd(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	before := n.snapshot()
	out := n.add(n.chain("1.0.0", static(8e6, 4e6)))
	env := n.Env(lab.ADD, n.attach)
	for range 2 {
		prev, err := out.Result.GetAsVersion("1.0.0")
		if err != nil {
			t.Fatal(err)
		}
		entry := static(2e6, 6e6)
		entry["cniVersion"], entry["name"], entry["prevResult"] = "1.0.0", "limited", prev
		run, err := n.Plugin(t.Context(), "bandwidth", env, encode(t, entry))
		if err != nil || run.ExitCode != 0 {
			t.Fatalf("%s%s, %v", run.Stdout, run.Stderr, err)
		}
	}
	n.egress(6e6)
	n.ingress(2e6)
	n.del(n.chain("1.0.0", static(2e6, 6e6)))
	n.wantSame(before, "DEL")
}

// TestCheckSees what the reference's CHECK passes over: that all is gone.
func TestCheckSees(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	list := n.chain("1.0.0", static(8e6, 4e6))
	n.add(list)
	if _, err := n.container.Output(t.Context(), "tc", "qdisc", "del", "dev", "eth0", "root"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, n.check(list), 102, "want")
}

// TestHooked works where others use the hook already, which makes the reference
// fail, and without a host end, or one in prevResult, which it needs.
func TestHooked(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	out := n.add(n.chain("1.0.0"))
	host := ""
	for _, i := range out.Result.Interfaces {
		if i.Sandbox == "" {
			host = i.Name
		}
	}
	if _, err := n.Node.Output(t.Context(), "tc", "qdisc", "add", "dev", host, "clsact"); err != nil {
		t.Fatal(err)
	}
	before := n.snapshot()
	for _, prev := range []string{
		fmt.Sprintf(`{"cniVersion":"1.0.0","interfaces":[{"name":%q}],"ips":[]}`, host),
		`{"cniVersion":"1.0.0","ips":[{"address":"10.88.0.2/24"}]}`,
	} {
		entry := fmt.Appendf(nil, `{"cniVersion":"1.0.0","name":"limited","type":"bandwidth","ingressRate":8000000,"ingressBurst":160000,"egressRate":4000000,"egressBurst":80000,"prevResult":%s}`, prev)
		run, err := n.Plugin(t.Context(), "bandwidth", n.Env(lab.ADD, n.attach), entry)
		if err != nil || run.ExitCode != 0 || run.Stdout != prev {
			t.Fatalf("ADD: %s%s, %v", run.Stdout, run.Stderr, err)
		}
		n.egress(4e6)
		if run, err = n.Plugin(t.Context(), "bandwidth", n.Env(lab.DEL, n.attach), entry); err != nil || run.ExitCode != 0 {
			t.Fatalf("DEL: %s%s, %v", run.Stdout, run.Stderr, err)
		}
		n.wantSame(before, "DEL")
	}
}
