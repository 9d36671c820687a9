// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
	"tcni.dev/pkg/scenario"
)

// readExample returns the text of a file of conf/examples.
func readExample(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "conf", "examples", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestPagesGiveExamples: what a page says to write, and the runtime's test uses, is the example.
func TestPagesGiveExamples(t *testing.T) {
	const list = "/etc/cni/net.d/10-weather.conflist"
	for _, c := range []struct{ page, file, example string }{
		{"containerd", list, "containerd.conflist"},
		{"crio", list, "crio.conflist"},
		{"podman", list, "podman.conflist"},
		{"cnitool", list, "cnitool.conflist"},
		{"rkt", "/etc/rkt/net.d/10-shaped.conf", "rkt-delegate.conf"},
		{"rkt", "/etc/rkt/net.d/20-weather.conf", "rkt-companion.conf"},
	} {
		if readPage(t, c.page).file(c.file) != readExample(t, c.example) {
			t.Errorf("%s.md and conf/examples/%s differ", c.page, c.example)
		}
	}
	_, objects, _ := strings.Cut(readExample(t, "multus.yaml"), "\n") // a comment
	if got := strings.Join(readPage(t, "multus").blocks("yaml"), "---\n"); got != objects {
		t.Error("multus.md and conf/examples/multus.yaml differ")
	}
}

// TestExamplesAreUsed: no example is one that no runtime's test runs.
func TestExamplesAreUsed(t *testing.T) {
	files, err := os.ReadDir(filepath.Join("..", "..", "conf", "examples"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	tests, err := filepath.Glob(filepath.Join("..", "*", "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, path := range tests {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	for _, f := range files {
		if !strings.Contains(all.String(), f.Name()) {
			t.Errorf("conf/examples/%s: no test of a runtime uses it", f.Name())
		}
	}
}

// TestExampleScenario: the example leads into the tunnel, where nothing passes.
func TestExampleScenario(t *testing.T) {
	s, err := scenario.Parse([]byte(readExample(t, "subway.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	program, err := s.Compile(scenario.Env{Profiles: conf.Profiles()})
	if err != nil {
		t.Fatal(err)
	}
	var shape conf.Shape
	for e, err := range program.Events() {
		if err == nil && e.Edit != nil {
			shape, err = e.Edit("web", shape, conf.Shape{})
		}
		if err != nil {
			t.Fatal(err)
		}
		if e.Step == "tunnel" {
			break
		}
	}
	if shape.Egress.Words() != "loss 100%" || shape.Ingress.Words() != "loss 100%" {
		t.Errorf("in the tunnel: egress %s, ingress %s", shape.Egress.Words(), shape.Ingress.Words())
	}
}

// run gives a new container a conflist's network, with capability arguments.
func (n *node) run(list, name string, capabilities map[string]any) pod {
	n.t.Helper()
	ns := labtest.Container(n.t, n.Lab, name)
	a := ns.Attach()
	a.Capabilities = capabilities
	if _, err := n.Add(n.t.Context(), []byte(list), a); err != nil {
		n.t.Fatal(err)
	}
	return pod{n, ns, n.address(ns, "eth0")}
}

// TestExampleRate has a rate in the conflist, and the runtime's in its place.
func TestExampleRate(t *testing.T) {
	newNode(t).run(readExample(t, "10-rate.conflist"), "web", map[string]any{
		"bandwidth": lab.Conf{"ingressRate": 16000000, "egressRate": 10000000},
	}).pageRates()
}
