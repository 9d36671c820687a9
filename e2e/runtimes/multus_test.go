// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

// kubeconfig is for a server without authentication.
const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "http://%s"}}]
contexts: [{name: lab, context: {cluster: lab}}]
current-context: lab
`

// multus is a node whose runtime calls Multus.
type multus struct {
	*node
	conflist []byte
}

// newMultus serves the objects of the page to Multus, which reads the pod and the networks that it
// asks for.
func newMultus(t *testing.T, replace ...string) *multus {
	n := newNode(t)
	server := n.serve(readPage(t, "multus").objects(replace...))
	list, err := lab.Conflist("default", "1.0.0", lab.Conf{
		"type": "multus", "kubeconfig": n.write("kubeconfig", fmt.Sprintf(kubeconfig, server)),
		"cniDir": n.Dir + "/multus", "binDir": n.Bin, "confDir": n.Dir + "/net.d",
		"delegates": []lab.Conf{{"cniVersion": "1.0.0", "name": "main", "plugins": []lab.Conf{lab.PTP()}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &multus{n, list}
}

// objects are the page's, by the path at which the API has them.
func (p page) objects(replace ...string) map[string][]byte {
	p.t.Helper()
	objects := map[string][]byte{}
	for _, text := range p.blocks("yaml") {
		var o map[string]any
		if err := yaml.Unmarshal([]byte(strings.NewReplacer(replace...).Replace(text)), &o); err != nil {
			p.t.Fatal(err)
		}
		meta := o["metadata"].(map[string]any)
		meta["namespace"], meta["uid"] = "default", "uid-web"
		base := map[string]string{"Pod": "/api/v1/namespaces/default/pods/",
			"NetworkAttachmentDefinition": "/apis/k8s.cni.cncf.io/v1/namespaces/default/network-attachment-definitions/"}[o["kind"].(string)]
		data, err := json.Marshal(o)
		if err != nil {
			p.t.Fatal(err)
		}
		objects[base+meta["name"].(string)] = data
	}
	return objects
}

// serve is an API server on the node, with these objects; it forgets what is written to it. It
// returns its address.
func (n *node) serve(objects map[string][]byte) string {
	n.t.Helper()
	var l net.Listener
	err := n.Node.Do(func() (err error) {
		l, err = net.Listen("tcp", "127.0.0.1:0")
		return err
	})
	if err != nil {
		n.t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data := objects[strings.TrimSuffix(r.URL.Path, "/status")]
		if data == nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(data)
	})}
	go func() { _ = server.Serve(l) }()
	n.t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

// attach is what containerd says of the pod.
func (m *multus) attach(ns *lab.NS) lab.Attachment {
	a := ns.Attach()
	a.Args = [][2]string{
		{"IgnoreUnknown", "1"}, {"K8S_POD_NAMESPACE", "default"}, {"K8S_POD_NAME", "web"},
		{"K8S_POD_INFRA_CONTAINER_ID", a.ContainerID}, {"K8S_POD_UID", "uid-web"},
	}
	return a
}

// run has Multus add the pod's networks; the pod that it returns is behind net1.
func (m *multus) run(ns *lab.NS) pod {
	m.t.Helper()
	if out, err := m.Add(m.t.Context(), m.conflist, m.attach(ns)); err != nil {
		m.t.Fatalf("%v: %s", err, out.Stderr)
	}
	return pod{m.node, ns, m.address(ns, "net1")}
}

func TestMultus(t *testing.T) {
	m := newMultus(t)
	ns := labtest.Container(t, m.Lab, "web")
	before := m.snapshot()
	m.run(ns).pageRates()
	if out, err := m.Del(t.Context(), m.conflist, m.attach(ns)); err != nil {
		t.Errorf("%v: %s", err, out.Stderr)
	}
	m.unchanged(before, "DEL")
}

// TestMultusWrong: the pod's event has our line.
func TestMultusWrong(t *testing.T) {
	m := newMultus(t, "rate 10mbit", "rate 10mbat")
	ns := labtest.Container(t, m.Lab, "web")
	before := m.snapshot()
	_, err := m.Add(t.Context(), m.conflist, m.attach(ns))
	if err == nil || !strings.Contains(err.Error(), `args.cni: tcni.egress.rate: "10mbat" is not a rate`) {
		t.Errorf("error is %v", err)
	}
	if out, err := m.Del(t.Context(), m.conflist, m.attach(ns)); err != nil {
		t.Errorf("%v: %s", err, out.Stderr)
	}
	m.unchanged(before, "ADD that failed, and DEL")
}

func TestNetemMultus(t *testing.T) {
	m := newMultus(t, "rate 10mbit", weather)
	p := m.run(labtest.Container(t, m.Lab, "web"))
	p.inWeather()
}
