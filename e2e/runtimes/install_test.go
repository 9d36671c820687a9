// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"

	"tcni.dev/e2e/lab"
	"tcni.dev/pkg/install"
)

// TestDaemonSet builds the image, runs it as the DaemonSet says beside a containerd that runs, whose
// network the main plugin writes, and takes it away again. containerd sees each change by itself.
func TestDaemonSet(t *testing.T) {
	for _, d := range daemons {
		t.Run(d.name, func(t *testing.T) {
			c := newInstaller(t, d)
			c.start()
			c.sees(ours, true)
			c.shapes()

			// As most main plugins write their file; containerd sees only what Watch makes of it.
			newer := mainList(t, d, 1400)
			if err := os.Rename(c.write("cri/newer", newer), c.list); err != nil {
				t.Fatal(err)
			}
			c.sees(`\"mtu\": 1400`, true)
			c.sees(ours, true)

			// A crash takes nothing out.
			c.shell("podman kill --signal KILL install && podman rm --force install")
			c.shapes()
			if err := os.WriteFile(c.list, []byte(newer), 0o644); err != nil {
				t.Fatal(err)
			}
			c.sees(ours, false)

			c.start("--uninstall-at-end")
			c.sees(ours, true)
			c.shell("podman stop --time 60 install")
			if status := c.shell("podman inspect --format '{{.State.ExitCode}}' install"); status != "0" {
				t.Errorf("exit status is %s: %s", status, c.shell("podman logs install 2>&1"))
			}
			c.sees(ours, false)
			if text, err := os.ReadFile(c.list); err != nil || string(text) != newer {
				t.Errorf("uninstall left %s, %v; the main plugin wrote %s", text, err, newer)
			}
		})
	}
}

// installer is a node with a containerd, and the DaemonSet's image and pod.
type installer struct {
	*containerd
	t     *testing.T
	list  string // path of the main plugin's file
	shell func(string) string
	pod   podSpec
}

// mainList is what the main plugin writes.
func mainList(t *testing.T, d daemon, mtu int) string {
	t.Helper()
	ptp := lab.PTP()
	ptp["mtu"] = mtu
	list, err := lab.Conflist("main", d.since, ptp)
	if err != nil {
		t.Fatal(err)
	}
	return string(list)
}

func newInstaller(t *testing.T, d daemon) *installer {
	c := newContainerd(t, d, mainList(t, d, 1500))
	if err := os.Remove(filepath.Join(c.plugins, "tcni")); err != nil {
		t.Fatal(err)
	}
	j, err := c.NewJail()
	if err != nil {
		t.Fatal(err)
	}
	f := follower{node: c.node, jail: j, preamble: c.podman("")}
	f.shell(c.imageBuild())
	return &installer{c, t, filepath.Join(c.Dir, "cri", "net.d", "10-e2e.conflist"), f.shell, c.readManifests()}
}

// start runs the pod's container, with arguments more than the DaemonSet's.
func (c *installer) start(more ...string) {
	c.t.Helper()
	argv := append(c.pod.podman(map[string]string{install.DefaultBinDir: c.Bin, install.DefaultConfDir: filepath.Dir(c.list)}), more...)
	c.shell("podman rm --force --ignore install; " + c.podmanRun() + " --detach --pull=never " + strings.Join(argv, " "))
}

// shapes runs a pod of containerd's with annotations.
func (c *installer) shapes() {
	c.t.Helper()
	p, web := c.run("web", annotations(c.t))
	web.pageRates()
	c.remove(p)
}

// ours is what containerd says of a chain that has tcni in it.
const ours = `"type":"tcni"`

// sees waits until containerd's own idea of the network has a text in it, or has it not.
func (c *containerd) sees(text string, want bool) {
	c.t.Helper()
	info := ""
	for range 1200 {
		res, err := c.Runtime.Status(c.t.Context(), &runtimeapi.StatusRequest{Verbose: true})
		if err != nil {
			c.t.Fatal(err)
		}
		if info = res.GetInfo()["cniconfig"]; strings.Contains(info, text) == want {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.t.Fatalf("containerd has not read the change: %s", info)
}
