// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"strings"
	"testing"
)

// TestPeerOfAnotherContainer has a container whose interface ends in a namespace
// that is not the host, and another one's on the host with the same two indexes.
func TestPeerOfAnotherContainer(t *testing.T) {
	n := newNode(t)
	elsewhere, other := newNamespace(t), newNamespace(t)
	n.inPod("ip link del eth0")
	n.ip("link add veth0 index 50 type veth peer name eth0 index 20 netns " + other)
	n.run("nsenter --net=" + elsewhere + " ip link add veth0 index 50 type veth peer name eth0 index 20 netns " + n.pod)
	a := n.attachment(`"ingress":"rate 1mbit"`)
	n.add(a)
	if links := n.ip("-d link") + n.run("tc qdisc show"); strings.Contains(links, "tcni") || strings.Contains(links, "htb") {
		t.Errorf("another container's link is shaped: %s", links)
	}
	if qdiscs := n.inPod("tc qdisc show"); !strings.Contains(qdiscs, "htb 7c00: dev tcni") {
		t.Errorf("not on an IFB in the container: %s", qdiscs)
	}
	if err := Check(a, n.records); err != nil {
		t.Error(err)
	}
	n.remove(a)
}
