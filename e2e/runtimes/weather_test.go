// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

// path is what the traffic with a port of a world (0 is any) has, one way: a delay, give or take the jitter.
type path struct {
	world           string
	port            uint16
	egress, ingress time.Duration
	jitter          time.Duration
}

const ms = time.Millisecond

func TestNetemExampleLists(t *testing.T) {
	for _, c := range []struct {
		file        string
		annotations map[string]string
		paths       []path
	}{
		{"10-ptp.conflist", nil, []path{
			{"catalogue", 0, 40 * ms, 40 * ms, 5 * ms}, {"payments", 443, 100 * ms, 40 * ms, 5 * ms}, {"payments", 53, 0, 40 * ms, 5 * ms},
		}},
		{"10-bandwidth.conflist", map[string]string{"tcni.dev/egress": "delay 50ms"}, []path{{"payments", 0, 50 * ms, 0, 0}}},
	} {
		t.Run(c.file, func(t *testing.T) {
			p := newNode(t).run(readExample(t, c.file), "web", map[string]any{"io.kubernetes.cri.pod-annotations": c.annotations})
			p.paths(c.paths)
		})
	}
}

// TestNetemExamplePods has the annotations of pods.
func TestNetemExamplePods(t *testing.T) {
	c := newCRIO(t, readExample(t, "crio.conflist"))
	for _, e := range []struct {
		file  string
		paths []path
	}{
		{"pod-words.yaml", []path{{"payments", 0, 50 * ms, 0, 5 * ms}}},
		{"pod-rules.yaml", []path{{"payments", 443, 100 * ms, 10 * ms, 0}, {"payments", 80, 10 * ms, 10 * ms, 0}, {"catalogue", 443, 0, 10 * ms, 0}}},
		{"pod-networks.yaml", []path{{"payments", 0, 150 * ms, 150 * ms, 0}}},
	} {
		t.Run(e.file, func(t *testing.T) {
			var o struct {
				Metadata struct{ Annotations map[string]string }
			}
			if err := yaml.Unmarshal([]byte(readExample(t, e.file)), &o); err != nil {
				t.Fatal(err)
			}
			_, p := c.run(strings.TrimSuffix(e.file, ".yaml"), 0, o.Metadata.Annotations)
			p.paths(e.paths)
		})
	}
}

// paths holds each way to its delay.
func (p pod) paths(paths []path) {
	p.t.Helper()
	for _, w := range paths {
		world := p.World(w.world)
		addr := netip.AddrPortFrom(p.address(world, "eth0"), w.port)
		p.oneWay(w.world+" egress", p.ns, world, addr, w.egress, w.jitter)
		p.oneWay(w.world+" ingress", world, p.ns, netip.AddrPortFrom(p.addr, 0), w.ingress, w.jitter)
	}
}

// oneWay holds the packet that waited least to a delay: others only add to it.
func (p pod) oneWay(what string, from, to *lab.NS, addr netip.AddrPort, want, jitter time.Duration) {
	p.t.Helper()
	if want == 0 {
		jitter = 0
	}
	got, err := measure.Least(rounds, want+tight, func() (time.Duration, error) {
		res, err := measure.Packets(p.t.Context(), from, to, addr, measure.PacketOptions{Count: 50, Rate: 200, Linger: 600 * ms})
		if err == nil && res.Received == 0 {
			err = errors.New("nothing arrived")
		}
		return res.Delay.Min, err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Logf("%s: asked %v, measured %v", what, want, got)
	if got < want-jitter || got > want+tight {
		p.t.Errorf("%s is delayed by %v, asked %v", what, got, want)
	}
}
