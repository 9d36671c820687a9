// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"encoding/json"
	"maps"
	"net/netip"
	"testing"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

// netName is the name of the network under test.
const netName = "weather"

// network is a lab with a container behind a chain, before tcni.
type network struct {
	*lab.Lab
	t         *testing.T
	chain     chain
	version   string // cniVersion
	container *lab.NS
	attach    lab.Attachment
	prev      json.RawMessage // the chain's result
	addrs     []netip.Addr    // the container's
}

// newNetwork makes a network of CNI version 1.1.0.
func newNetwork(t *testing.T, c chain) *network { return newNetworkAt(t, c, "1.1.0") }

func newNetworkAt(t *testing.T, c chain, version string) *network {
	t.Helper()
	l := labtest.New(t, lab.Options{Worlds: lab.DefaultWorlds()})
	return join(t, l, c, version, "web")
}

// join adds a container to a lab and runs the chain on it.
func join(t *testing.T, l *lab.Lab, c chain, version, name string) *network {
	t.Helper()
	return joinAs(t, l, c, version, name, "eth0")
}

// joinAs is join with an interface of that name.
func joinAs(t *testing.T, l *lab.Lab, c chain, version, name, ifname string) *network {
	t.Helper()
	n := &network{Lab: l, t: t, chain: c, version: version}
	n.container = labtest.Container(t, l, name)
	n.attach = n.container.Attach()
	n.attach.IfName = ifname
	out, err := l.Add(t.Context(), n.conflist(), n.attach)
	if err != nil {
		t.Fatal(err)
	}
	as, err := out.Result.GetAsVersion(version)
	if err != nil {
		t.Fatal(err)
	}
	if n.prev, err = json.Marshal(as); err != nil {
		t.Fatal(err)
	}
	for _, ip := range out.Result.IPs {
		addr, _ := netip.AddrFromSlice(ip.Address.IP)
		n.addrs = append(n.addrs, addr.Unmap())
	}
	return n
}

// conflist is the chain, and what follows it.
func (n *network) conflist(more ...lab.Conf) []byte {
	n.t.Helper()
	list, err := lab.Conflist(netName, n.version, append(append([]lab.Conf{}, n.chain.plugins...), more...)...)
	if err != nil {
		n.t.Fatal(err)
	}
	return list
}

// stdin is what a runtime gives tcni, which has entry in the conflist; entry's
// keys win.
func (n *network) stdin(entry lab.Conf) []byte {
	n.t.Helper()
	whole := lab.Conf{"cniVersion": n.version, "name": netName, "type": "tcni", "prevResult": n.prev}
	maps.Copy(whole, entry)
	for key, v := range whole {
		if v == nil {
			delete(whole, key)
		}
	}
	data, err := json.Marshal(whole)
	if err != nil {
		n.t.Fatal(err)
	}
	return data
}

// run calls tcni.
func (n *network) run(verb lab.Verb, a lab.Attachment, stdin []byte) lab.Run {
	n.t.Helper()
	run, err := n.Plugin(n.t.Context(), "tcni", n.Env(verb, a), stdin)
	if err != nil {
		n.t.Fatal(err)
	}
	return run
}

// call calls tcni for the container.
func (n *network) call(verb lab.Verb, entry lab.Conf) lab.Run {
	n.t.Helper()
	return n.run(verb, n.attach, n.stdin(entry))
}

// ok calls tcni, which must succeed.
func (n *network) ok(verb lab.Verb, entry lab.Conf) lab.Run {
	n.t.Helper()
	run := n.call(verb, entry)
	if run.ExitCode != 0 {
		n.t.Fatalf("%s: exit %d: %s%s", verb, run.ExitCode, run.Stdout, run.Stderr)
	}
	if verb != lab.ADD && run.Stdout != "" {
		n.t.Errorf("%s printed %q", verb, run.Stdout)
	}
	return run
}

func (n *network) snapshot() lab.Snapshot {
	n.t.Helper()
	return labtest.Snapshot(n.t, n.Lab)
}
