// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"fmt"
	"path/filepath"
	"testing"
)

// podmanNamespace asks podman.
const podmanNamespace = "podman inspect -f '{{.NetworkSettings.SandboxKey}}' web"

// podmanMore is what podman needs to leave the machine alone: the page's file comes before it.
const podmanMore = `cni_plugin_dirs = [%q]
network_config_dir = %q
default_network = "weather"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
`

const podmanStorage = `[storage]
driver = "vfs"
graphroot = %q
runroot = %q
`

// podman returns the exports that make podman read this node's configuration, which it writes: the
// text given, and what leaves the machine alone.
func (n *node) podman(text string) string {
	n.t.Helper()
	conf := n.write("containers.conf", text+fmt.Sprintf(podmanMore, n.Bin, filepath.Join(n.Dir, "net.d")))
	storage := n.write("storage.conf", fmt.Sprintf(podmanStorage, filepath.Join(n.Dir, "graph"), filepath.Join(n.Dir, "runroot")))
	return fmt.Sprintf("export CONTAINERS_CONF=%s CONTAINERS_STORAGE_CONF=%s HOME=%s\n", conf, storage, n.Dir) +
		`[ -n "$(ls /sys/fs/cgroup)" ] || mount -t cgroup2 cgroup2 /sys/fs/cgroup` + "\n"
}

// podmanRun has the containers in a group of the lab's, which removes it.
func (n *node) podmanRun() string { return "podman run --cgroup-parent /" + filepath.Base(n.Dir) }

// newPodman readies the page's steps, with an image that is made of one program, and without a
// network to fetch one.
func newPodman(t *testing.T, replace ...string) *follower {
	n := newNode(t)
	page := readPage(t, "podman")
	f := n.follow(page, append(replace, "docker.io/library/nginx:stable", "localhost/app", "podman run", n.podmanRun())...)
	f.preamble += n.podman(page.file("/etc/containers/containers.conf"))
	f.shell("tar -hC " + n.Bin + ` -c pause | podman import -q --change 'CMD ["/pause"]' - localhost/app`)
	return f
}

func TestPodman(t *testing.T) {
	newPodman(t).doTwice(podmanNamespace, pod.pageRates)
}

func TestNetemPodman(t *testing.T) {
	newPodman(t, "rate 10mbit", weather).do(podmanNamespace, pod.inWeather)
}
