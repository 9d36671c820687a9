// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"

	"tcni.dev/e2e/cri"
)

// containerd is a node with that daemon.
type containerd struct {
	*node
	*cri.Containerd
}

// daemon is a version of it.
type daemon struct {
	name  string
	ours  bool   // a client of ours, and not Debian's package
	since string // the newest cniVersion that it takes
}

// Debian's containerd, and a current one.
var (
	containerd1 = daemon{"1.6", false, "1.0.0"}
	containerd2 = daemon{"2", true, "1.1.0"}
	daemons     = []daemon{containerd1, containerd2}
)

func newContainerd(t *testing.T, d daemon, conflist string) *containerd {
	n := newNode(t)
	opt := cri.Options{Conflist: []byte(conflist)}
	if d.ours {
		t.Setenv("PATH", n.clients+":"+os.Getenv("PATH")) // its shim too; ctr is Debian's
		opt.Containerd = filepath.Join(n.clients, "containerd")
	}
	c, err := cri.Start(t.Context(), n.Lab, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(tail(c.Log(), 30))
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return &containerd{n, c}
}

func tail(text string, n int) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// conflist is the page's, of the newest version that the daemon takes.
func (d daemon) conflist(t *testing.T) string {
	return strings.Replace(readPage(t, "containerd").file("/etc/cni/net.d/10-weather.conflist"),
		`"cniVersion": "1.0.0"`, `"cniVersion": "`+d.since+`"`, 1)
}

// annotations are those of the page's pod.
func annotations(t *testing.T) map[string]string {
	page, all := readPage(t, "containerd"), map[string]string{}
	for _, key := range []string{"kubernetes.io/ingress-bandwidth", "tcni.dev/egress"} {
		all[key] = page.annotation(key)
	}
	return all
}

// run starts a pod.
func (c *containerd) run(name string, annotations map[string]string) (*cri.Pod, pod) {
	c.t.Helper()
	p, err := c.RunPod(c.t.Context(), name, "default", annotations)
	if err != nil {
		c.t.Fatal(err)
	}
	return p, pod{c.node, p.NS, p.IPs[0]}
}

// remove stops a pod and removes it: containerd calls DEL twice.
func (c *containerd) remove(p *cri.Pod) {
	c.t.Helper()
	if err := c.StopPod(c.t.Context(), p); err != nil {
		c.t.Error(err)
	}
	if err := c.RemovePod(c.t.Context(), p); err != nil {
		c.t.Error(err)
	}
}

func TestContainerd(t *testing.T) {
	for _, d := range daemons {
		t.Run(d.name, func(t *testing.T) {
			c := newContainerd(t, d, d.conflist(t))
			before := c.snapshot()
			p, web := c.run("web", annotations(t))
			web.pageRates()
			if err := c.Restart(t.Context()); err != nil {
				t.Fatal(err)
			}
			web.pageRates()
			c.remove(p)
			c.unchanged(before, "stop and remove")

			p, free := c.run("free", nil)
			free.rates(0, 0)
			c.remove(p)
			c.unchanged(before, "a pod without annotations")

			_, err := c.RunPod(t.Context(), "wrong", "default", map[string]string{"tcni.dev/egress": "dealy 50ms"})
			const line = `annotation tcni.dev/egress: unknown word "dealy": did you mean "delay"?`
			if err == nil || !strings.Contains(err.Error(), line) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v", err) // and a kubelet makes the pod's event of it
			}
			c.unchanged(before, "a pod that could not be")
		})
	}
}

// TestContainerdStatus: a node that can give no container what its conflist says is not ready, and
// says why. containerd 1.6 calls no STATUS.
func TestContainerdStatus(t *testing.T) {
	c := newContainerd(t, containerd2, containerd2.conflist(t))
	if ready, why := c.networkReady(); !ready {
		t.Errorf("not ready: %s", why)
	}
	wrong := strings.Replace(containerd2.conflist(t), `"type": "tcni"`, `"type": "tcni", "egress": "delay"`, 1)
	if err := c.SetConflist(t.Context(), []byte(wrong)); err != nil {
		t.Fatal(err)
	}
	if ready, why := c.networkReady(); ready || !strings.Contains(why, "egress.delay: value is missing") {
		t.Errorf("ready is %t: %s", ready, why)
	}
}

// networkReady is the node's condition, as a kubelet asks for it.
func (c *containerd) networkReady() (bool, string) {
	c.t.Helper()
	res, err := c.Runtime.Status(c.t.Context(), &runtimeapi.StatusRequest{})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, condition := range res.GetStatus().GetConditions() {
		if condition.GetType() == runtimeapi.NetworkReady {
			return condition.GetStatus(), condition.GetMessage()
		}
	}
	c.t.Fatal("no condition NetworkReady")
	return false, ""
}

func TestNetemContainerd(t *testing.T) {
	for _, d := range daemons {
		t.Run(d.name, func(t *testing.T) {
			c := newContainerd(t, d, d.conflist(t))
			all := annotations(t)
			all["tcni.dev/egress"] = weather
			p, web := c.run("web", all)
			web.inWeather()
			c.remove(p)
			if d == containerd1 {
				c.crowd(4, all, pod.inWeather)
			}
		})
	}
}
