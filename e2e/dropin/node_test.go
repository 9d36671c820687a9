// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"errors"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/containernetworking/cni/pkg/types"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
	"tcni.dev/e2e/measure"
)

// Where traffic goes (lab.DefaultWorlds), to any port: one that was just in use
// may be held open by what another test is about to start.
var (
	payments  = netip.MustParseAddrPort("10.0.5.10:0")
	catalogue = netip.MustParseAddrPort("10.0.6.10:0")
)

// node is a lab with a container on which a chain runs.
type node struct {
	*lab.Lab
	t         *testing.T
	container *lab.NS
	attach    lab.Attachment
	addr      netip.AddrPort
}

// newNode makes a node whose bandwidth plugin is tcni.
func newNode(t *testing.T) *node {
	t.Helper()
	labtest.RequireRoot(t)
	return nodeWith(t, renamed(t))
}

// referenceNode makes a node with the reference bandwidth plugin.
func referenceNode(t *testing.T) *node {
	t.Helper()
	labtest.RequireRoot(t)
	return nodeWith(t, "")
}

func nodeWith(t *testing.T, bin string) *node {
	t.Helper()
	l := labtest.New(t, lab.Options{Bin: bin, Worlds: lab.DefaultWorlds()})
	n := &node{Lab: l, t: t, container: labtest.Container(t, l, "web")}
	n.attach = n.container.Attach()
	return n
}

// renamed makes a directory of plugins in which tcni is called bandwidth too. It
// has links: a program that was just written may be busy, held open by what
// another test is about to start.
func renamed(t *testing.T) string {
	t.Helper()
	from, err := lab.Bin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for as, name := range map[string]string{
		"ptp": "ptp", "host-local": "host-local", "loopback": "loopback", "pause": "pause",
		"tcni": "tcni", "bandwidth": "tcni",
	} {
		if err := os.Symlink(filepath.Join(from, name), filepath.Join(dir, as)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// chain is ptp and what follows it.
func (n *node) chain(version string, plugins ...lab.Conf) []byte {
	n.t.Helper()
	list, err := lab.Conflist("limited", version, append([]lab.Conf{lab.PTP()}, plugins...)...)
	if err != nil {
		n.t.Fatal(err)
	}
	return list
}

func (n *node) add(conflist []byte) lab.Outcome {
	n.t.Helper()
	out, err := n.Add(n.t.Context(), conflist, n.attach)
	if err != nil {
		n.t.Fatal(err)
	}
	for _, ip := range out.Result.IPs {
		if addr, _ := netip.AddrFromSlice(ip.Address.IP); addr.Unmap().Is4() {
			n.addr = netip.AddrPortFrom(addr.Unmap(), 0)
		}
	}
	return out
}

func (n *node) check(conflist []byte) error {
	_, err := n.Check(n.t.Context(), conflist, n.attach)
	return err
}

func (n *node) del(conflist []byte) {
	n.t.Helper()
	if _, err := n.Del(n.t.Context(), conflist, n.attach); err != nil {
		n.t.Errorf("DEL: %v", err)
	}
}

func (n *node) snapshot() lab.Snapshot {
	n.t.Helper()
	return labtest.Snapshot(n.t, n.Lab)
}

func (n *node) wantSame(before lab.Snapshot, after string) {
	n.t.Helper()
	if d := n.snapshot().Diff(before); d != "" {
		n.t.Errorf("after %s:\n%s", after, d)
	}
}

// wantCode fails unless a plugin failed with the code and a word.
func wantCode(t *testing.T, err error, code uint, word string) {
	t.Helper()
	e := new(types.Error)
	if !errors.As(err, &e) || e.Code != code || !strings.Contains(e.Msg, word) {
		t.Errorf("got %v, want code %d and %q", err, code, word)
	}
}

// rounds of a measurement: see measure.Until for what they let pass.
const rounds = 10

// measured samples what arrives of twice a rate, in bit/s.
func (n *node) measured(from, to *lab.NS, addr netip.AddrPort, asked float64, sample int) ([]float64, error) {
	return measure.Throughput(n.t.Context(), from, to, addr, 2*asked, sample)
}

// rate holds what arrives to what was asked for, within a share of it.
func (n *node) rate(what string, from, to *lab.NS, addr netip.AddrPort, asked, within float64) {
	n.t.Helper()
	got, ok, err := measure.Until(rounds, func(m float64) bool { return math.Abs(m-asked) <= within*asked },
		func() ([]float64, error) { return n.measured(from, to, addr, asked, measure.OfBottleneck) })
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Logf("%s: %.3f Mbit/s, asked for %.1f", what, got/1e6, asked/1e6)
	if !ok {
		n.t.Errorf("%s: %.3f Mbit/s is not within %.0f %% of %.1f", what, got/1e6, 100*within, asked/1e6)
	}
}

// free fails unless more than a rate arrives, of twice as much that is sent: a
// busy machine does not get all of it through.
func (n *node) free(what string, from, to *lab.NS, addr netip.AddrPort, rate float64) {
	n.t.Helper()
	got, ok, err := measure.Until(rounds, func(m float64) bool { return m > 1.3*rate },
		func() ([]float64, error) { return n.measured(from, to, addr, rate, measure.OfLine) })
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Logf("%s: %.3f Mbit/s of %.1f", what, got/1e6, 2*rate/1e6)
	if !ok {
		n.t.Errorf("%s: %.3f Mbit/s of %.1f: it was to be left alone", what, got/1e6, 2*rate/1e6)
	}
}

func (n *node) egress(asked float64) {
	n.t.Helper()
	n.rate("egress", n.container, n.World("payments"), payments, asked, 0.02)
}

func (n *node) ingress(asked float64) {
	n.t.Helper()
	n.rate("ingress", n.World("payments"), n.container, n.addr, asked, 0.02)
}
