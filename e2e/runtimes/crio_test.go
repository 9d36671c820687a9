// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

// crio is a node where CRI-O's library runs pods.
type crio struct {
	*node
	dir string // of the configuration
}

func newCRIO(t *testing.T, conflist string) *crio {
	n := newNode(t)
	return &crio{n, filepath.Dir(n.write("net.d/10-weather.conflist", conflist))}
}

// crioPod is ocicni.PodNetwork, as far as it is used. CRI-O fills in RuntimeConfig what it reads in
// the annotations (internal/lib/sandbox, server.newPodNetwork).
type crioPod struct {
	Name, Namespace, ID, UID, NetNS string
	RuntimeConfig                   map[string]crioConfig
}

type crioConfig struct {
	Bandwidth      *crioBandwidth
	PodAnnotations map[string]string `json:"io.kubernetes.cri.pod-annotations"`
}

type crioBandwidth struct{ IngressRate, IngressBurst, EgressRate, EgressBurst uint64 }

// crioBurst is the burst that CRI-O gives with every rate: 4 GB, in bits.
const crioBurst = 34359738359

// pod is a pod's description, with an ingress rate in bit/s if that is not 0.
func (c *crio) pod(ns *lab.NS, ingress uint64, annotations map[string]string) crioPod {
	config := crioConfig{PodAnnotations: annotations}
	if ingress > 0 {
		config.Bandwidth = &crioBandwidth{IngressRate: ingress, IngressBurst: crioBurst}
	}
	return crioPod{ns.Name, "default", "id-" + ns.Name, "uid-" + ns.Name, ns.Path, map[string]crioConfig{"weather": config}}
}

// step does one of the client's and returns what it wrote on stderr if it failed.
func (c *crio) step(name string, pods ...crioPod) (failure string) {
	c.t.Helper()
	request, err := json.Marshal(map[string]any{
		"ConfDir": c.dir, "BinDir": c.Bin, "CacheDir": filepath.Join(c.Dir, "cni"), "Pods": pods,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	run, err := c.Node.Exec(c.t.Context(), lab.Command{Path: filepath.Join(c.clients, "ocicni"), Args: []string{name}, Stdin: request})
	if err != nil {
		c.t.Fatal(err)
	}
	if run.ExitCode != 0 {
		return run.Stderr
	}
	return ""
}

func (c *crio) ok(step string, pods ...crioPod) {
	c.t.Helper()
	if failure := c.step(step, pods...); failure != "" {
		c.t.Fatalf("%s: %s", step, failure)
	}
}

// run makes a container and a pod of it.
func (c *crio) run(name string, ingress uint64, annotations map[string]string) (crioPod, pod) {
	c.t.Helper()
	ns := labtest.Container(c.t, c.Lab, name)
	p := c.pod(ns, ingress, annotations)
	c.ok("run", p)
	return p, pod{c.node, ns, c.address(ns, "eth0")}
}

func TestCRIO(t *testing.T) {
	page := readPage(t, "crio")
	c := newCRIO(t, page.file("/etc/cni/net.d/10-weather.conflist"))
	c.ok("status")
	_, keep := c.run("keep", 0, nil) // makes the bridge, which the bridge plugin leaves
	ns := labtest.Container(t, c.Lab, "web")
	before := c.snapshot()
	p := c.pod(ns, 16e6, map[string]string{"tcni.dev/egress": page.annotation("tcni.dev/egress")})
	c.ok("run", p)
	web := pod{c.node, ns, c.address(ns, "eth0")}
	web.pageRates()
	keep.rates(0, 0)
	c.ok("stop", p)
	c.unchanged(before, "DEL")
	c.ok("stop", p)

	// CRI-O was killed, and the pod with it: GC is called with the pods that are left.
	c.ok("run", p)
	c.ok("start", c.pod(keep.ns, 0, nil))
	c.unchanged(before, "GC")

	wrong := c.pod(ns, 0, map[string]string{"tcni.dev/egress": "rate 10mbat"})
	if failure := c.step("run", wrong); !strings.Contains(failure, `annotation tcni.dev/egress: rate: `) {
		t.Errorf("failure is %q", failure)
	}
	c.ok("stop", wrong)
	c.unchanged(before, "ADD that failed, and DEL")
}

// TestCRIOStatus has a configuration that no container can be given.
func TestCRIOStatus(t *testing.T) {
	list := readPage(t, "crio").file("/etc/cni/net.d/10-weather.conflist")
	c := newCRIO(t, strings.Replace(list, `"type": "tcni"`, `"type": "tcni", "egress": "delay"`, 1))
	if failure := c.step("status"); !strings.Contains(failure, "egress.delay: value is missing") {
		t.Errorf("failure is %q", failure)
	}
}

func TestNetemCRIO(t *testing.T) {
	c := newCRIO(t, readPage(t, "crio").file("/etc/cni/net.d/10-weather.conflist"))
	_, p := c.run("web", 16e6, map[string]string{"tcni.dev/egress": weather})
	p.inWeather()
}
