// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tcni.dev/conf"
	"tcni.dev/internal/nstest"
)

// node is a host with one container: two network namespaces with a veth
// between them. The test's own thread is on the host.
type node struct {
	t       *testing.T
	pod     string // path of the container's namespace
	records Records
}

// newNode makes one. Without root the test is skipped, but where root tests are
// demanded (in CI, or by TCNI_ROOT_TESTS=1) it fails.
func newNode(t *testing.T) *node {
	t.Helper()
	runtime.LockOSThread() // for good: the thread ends with the test
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		if os.Getenv("CI") != "" || os.Getenv("TCNI_ROOT_TESTS") == "1" {
			t.Fatalf("new network namespace: %v", err)
		}
		t.Skipf("needs root: new network namespace: %v", err)
	}
	n := &node{t: t, records: Records{Dir: t.TempDir() + "/run"}}
	n.pod = newNamespace(t)
	n.ip("link set lo up")
	n.ip("link add veth0 type veth peer name eth0")
	n.ip("link set eth0 netns " + n.pod)
	n.ip("link set veth0 up")
	n.inPod("ip link set eth0 up")
	n.settle()
	return n
}

// settle waits until the links' state does not change by itself any more.
func (n *node) settle() {
	n.t.Helper()
	for range 100 {
		if strings.Contains(n.run("ip link show veth0"), "state UP") && strings.Contains(n.inPod("ip link show eth0"), "state UP") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	n.t.Fatal("the links did not come up")
}

// newNamespace returns the path of a namespace that lasts as long as the test.
func newNamespace(t *testing.T) string {
	t.Helper()
	path, closeIt, err := nstest.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closeIt)
	return path
}

func (n *node) run(line string) string {
	n.t.Helper()
	words := strings.Fields(line)
	out, err := exec.Command(words[0], words[1:]...).CombinedOutput()
	if err != nil {
		n.t.Fatalf("%s: %v: %s", line, err, out)
	}
	return string(out)
}

func (n *node) ip(line string) string { n.t.Helper(); return n.run("ip " + line) }
func (n *node) inPod(line string) string {
	n.t.Helper()
	return n.run("nsenter --net=" + n.pod + " " + line)
}

// counters are what changes by itself.
var counters = regexp.MustCompile(`direct_packets_stat \d+|refcnt \d+`)

// seen is everything that could be left behind.
func (n *node) seen() string {
	n.t.Helper()
	var b strings.Builder
	for _, side := range []struct {
		dev string
		run func(string) string
	}{{"veth0", n.run}, {"eth0", n.inPod}} {
		for _, line := range []string{"ip -d link", "tc qdisc show invisible", "tc class show dev DEV", "tc filter show dev DEV", "tc filter show dev DEV ingress"} {
			line = strings.ReplaceAll(line, "DEV", side.dev)
			fmt.Fprintf(&b, "$ %s\n%s", line, counters.ReplaceAllString(side.run(line), ""))
		}
	}
	files, err := os.ReadDir(n.records.Dir)
	fmt.Fprintf(&b, "records: %v %v\n", files, os.IsNotExist(err))
	return b.String()
}

// attachment is the container with what stands in a conflist entry.
func (n *node) attachment(entry string) Attachment {
	n.t.Helper()
	text := fmt.Sprintf(`{"cniVersion":"1.0.0","name":"net","type":"tcni",%s,"prevResult":{"cniVersion":"1.0.0","ips":[{"address":"10.9.0.2/24"}]}}`, entry)
	c, err := conf.Parse([]byte(text), conf.Env{IfName: "eth0"})
	if err != nil {
		n.t.Fatal(err)
	}
	return Attachment{Identity: Identity{"net", "c1", "eth0"}, Netns: n.pod, Conf: c}
}
