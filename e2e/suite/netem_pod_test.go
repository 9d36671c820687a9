// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"tcni.dev/e2e/cri"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

// podChain is what a node has that lets pods be annotated.
var podChain = []lab.Conf{lab.PTP(), {"type": "tcni", "capabilities": lab.Conf{
	"bandwidth": true, "io.kubernetes.cri.pod-annotations": true,
}}}

// pods is a containerd on a lab's node.
type pods struct {
	t   *testing.T
	lab *lab.Lab
	*cri.Containerd
}

// run starts a pod, measures it, and holds that nothing of it is left.
func (p pods) run(name string, annotations map[string]string, measure func(t *testing.T, pod *cri.Pod)) {
	p.t.Run(name, func(t *testing.T) {
		before := labtest.Snapshot(t, p.lab)
		pod, err := p.RunPod(t.Context(), name, "default", annotations)
		if err != nil {
			t.Fatal(err)
		}
		measure(t, pod)
		if err := p.StopPod(t.Context(), pod); err != nil {
			t.Error(err)
		}
		if err := p.RemovePod(t.Context(), pod); err != nil {
			t.Error(err)
		}
		if d := canonical(labtest.Snapshot(t, p.lab)).Diff(canonical(before)); d != "" {
			t.Errorf("the pod left:\n%s", d)
		}
	})
}

// TestNetemPods runs annotated pods of a real containerd.
func TestNetemPods(t *testing.T) {
	l := labtest.New(t, lab.Options{Worlds: lab.DefaultWorlds()})
	needNetem(t, l)
	p := newPods(t, l)
	world := l.World("payments")
	p.run("egress", map[string]string{"tcni.dev/egress": "delay 50ms rate 10mbit"}, func(t *testing.T, pod *cri.Pod) {
		wantDelay(t, "egress", 50*time.Millisecond, oneWay(t, pod.NS, world, netip.AddrPortFrom(payments4, 0)))
		wantDelay(t, "ingress", 0, oneWay(t, world, pod.NS, netip.AddrPortFrom(pod.IPs[0], 0)))
		wantRateOf(t, "egress", pod.NS, world, payments4, 10e6)
		wantRateOf(t, "egress", pod.NS, world, payments6, 10e6)
		wantLineOf(t, "ingress", world, pod.NS, pod.IPs[0], 12e6)
	})
	p.run("bandwidth", map[string]string{"kubernetes.io/ingress-bandwidth": "8M", "tcni.dev/ingress": "delay 30ms"}, func(t *testing.T, pod *cri.Pod) {
		wantDelay(t, "ingress", 30*time.Millisecond, oneWay(t, world, pod.NS, netip.AddrPortFrom(pod.IPs[0], 0)))
		wantRateOf(t, "ingress", world, pod.NS, pod.IPs[0], 8e6)
		wantDelay(t, "egress", 0, oneWay(t, pod.NS, world, netip.AddrPortFrom(payments4, 0)))
	})
	p.run("plain", nil, func(t *testing.T, pod *cri.Pod) {
		wantDelay(t, "egress", 0, oneWay(t, pod.NS, world, netip.AddrPortFrom(payments4, 0)))
	})
	t.Run("bad annotation", func(t *testing.T) { p.refused(t) })
}

// refused has an annotation that cannot be meant: the pod's event says why.
func (p pods) refused(t *testing.T) {
	before := labtest.Snapshot(t, p.lab)
	_, err := p.RunPod(t.Context(), "bad", "default", map[string]string{
		"tcni.dev/egress": `{"rules":[{"match":{"port":53}},{"match":{"port":70000}}]}`,
	})
	const want = "annotation tcni.dev/egress: rules[1].match.port: 70000 is outside 1..65535"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error is %v, want %q in it", err, want)
	}
	if d := canonical(labtest.Snapshot(t, p.lab)).Diff(canonical(before)); d != "" {
		t.Errorf("the pod left:\n%s", d)
	}
}
