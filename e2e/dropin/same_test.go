// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"errors"
	"math"
	"net/netip"
	"testing"
	"time"

	"tcni.dev/e2e/cri"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

// The tests here set the reference plugin and tcni in its place side by side.
// They run alone: a percent is little.

// side is one of the two: a node, and a container or pod on it that is shaped.
type side struct {
	*node
	ns   *lab.NS
	addr netip.AddrPort
}

const bothRate = 10e6

func (s side) egress() ([]float64, error) {
	return s.measured(s.ns, s.World("payments"), payments, bothRate, measure.OfBottleneck)
}

func (s side) ingress() ([]float64, error) {
	return s.measured(s.World("payments"), s.ns, s.addr, bothRate, measure.OfBottleneck)
}

// same measures both by turns, until the medians of all samples, some of either,
// differ by a percent at most and have the rate that was asked for. What
// measure.Until says of faults that come and go is true of each.
func same(t *testing.T, what string, reference, ours func() ([]float64, error)) {
	t.Helper()
	const within, rounds, some = 0.01, 20, 3
	var a, b []float64
	for range rounds {
		x, err := reference()
		if err != nil {
			t.Fatal(err)
		}
		y, err := ours()
		if err != nil {
			t.Fatal(err)
		}
		a, b = append(a, x...), append(b, y...)
		ma, mb := measure.Summarise(a).Median, measure.Summarise(b).Median
		t.Logf("%s: reference %.3f, tcni %.3f Mbit/s", what, ma/1e6, mb/1e6)
		if min(len(a), len(b)) >= some && math.Abs(mb-ma) <= within*ma && math.Abs(mb-bothRate) <= within*bothRate {
			return
		}
	}
	t.Errorf("%s: not the same within %.0f %%", what, 100*within)
}

// TestSameRates gives both the same rates and bursts.
func TestSameRates(t *testing.T) {
	list := func(n *node) []byte { return n.chain("1.0.0", capability) }
	add := func(n *node) side {
		n.attach.Capabilities = map[string]any{"bandwidth": lab.Conf{"ingressRate": bothRate, "ingressBurst": 80000, "egressRate": bothRate, "egressBurst": 80000}}
		n.add(list(n))
		return side{n, n.container, n.addr}
	}
	reference, n := add(referenceNode(t)), newNode(t)
	before := n.snapshot()
	ours := add(n)
	same(t, "egress", reference.egress, ours.egress)
	same(t, "ingress", reference.ingress, ours.ingress)
	n.del(list(n))
	n.wantSame(before, "DEL")
}

// TestSameAnnotations has a pod with the kubernetes.io annotations on each of two
// nodes with containerd.
func TestSameAnnotations(t *testing.T) {
	reference, ours := newPods(t, referenceNode(t)), newPods(t, newNode(t))
	before := ours.snapshot()
	a, b := reference.run(), ours.run()
	same(t, "egress", func() ([]float64, error) { return a.steady(a.ns, a.World("payments"), payments) }, b.egress)
	same(t, "ingress", func() ([]float64, error) { return a.steady(a.World("payments"), a.ns, a.addr) }, b.ingress)
	ours.remove()
	ours.wantSame(before, "the pod's end")
}

// pods is a node with containerd, whose network has a plugin called bandwidth.
type pods struct {
	*node
	containerd *cri.Containerd
	pod        *cri.Pod
}

func newPods(t *testing.T, n *node) *pods {
	t.Helper()
	c, err := cri.Start(t.Context(), n.Lab, cri.Options{Conflist: n.chain("1.0.0", capability)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return &pods{node: n, containerd: c}
}

func (p *pods) run() side {
	p.t.Helper()
	pod, err := p.containerd.RunPod(p.t.Context(), "web", "default", map[string]string{
		"kubernetes.io/ingress-bandwidth": "10M", "kubernetes.io/egress-bandwidth": "10M",
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.pod = pod
	return side{p.node, pod.NS, netip.AddrPortFrom(pod.IPs[0], 0)}
}

func (p *pods) remove() {
	p.t.Helper()
	if err := p.containerd.RemovePod(p.t.Context(), p.pod); err != nil {
		p.t.Error(err)
	}
}

// steady is the rate of a TCP stream, which does not pause, in bit/s as a qdisc
// counts them. containerd asks for a burst of 512 MB where nobody did, which the
// reference plugin lets through first, and saves up for in every pause; tcni
// takes it as not given.
func (s side) steady(from, to *lab.NS, addr netip.AddrPort) ([]float64, error) {
	s.t.Helper()
	const overhead = 14 + 20 + 32 // of a segment with timestamps
	for range 30 {
		res, err := measure.Goodput(s.t.Context(), from, to, addr, measure.GoodputOptions{Duration: time.Second})
		if err != nil {
			return nil, err
		}
		if got := res.BitsPerSecond * float64(res.MSS+overhead) / float64(res.MSS); got < 1.5*bothRate {
			return []float64{got}, nil
		}
	}
	return nil, errors.New("the burst does not end")
}
