// SPDX-License-Identifier: Apache-2.0

package cri_test

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tcni.dev/e2e/cri"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
	"tcni.dev/e2e/measure"
)

func chain(t *testing.T, name string, plugins ...lab.Conf) []byte {
	t.Helper()
	list, err := lab.Conflist(name, "1.0.0", plugins...)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// bandwidth takes its rates from the pod's annotations.
var bandwidth = lab.Conf{"type": "bandwidth", "capabilities": lab.Conf{"bandwidth": true}}

func start(t *testing.T, l *lab.Lab, conflist []byte) *cri.Containerd {
	t.Helper()
	c, err := cri.Start(t.Context(), l, cri.Options{Conflist: conflist})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(c.Log())
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func TestPods(t *testing.T) {
	l := labtest.NewReference(t, lab.Options{Worlds: lab.DefaultWorlds()})
	c := start(t, l, chain(t, "shaped", lab.PTP(), bandwidth))
	t.Run("bandwidth annotations", func(t *testing.T) { testShapedPod(t, l, c) })
	t.Run("failing plugin", func(t *testing.T) { testFailingPod(t, l, c) })
	t.Run("restart", func(t *testing.T) { testRestart(t, c) })
}

func testShapedPod(t *testing.T, l *lab.Lab, c *cri.Containerd) {
	ctx := t.Context()
	before := labtest.Snapshot(t, l)
	pod, err := c.RunPod(ctx, "web", "default", map[string]string{"kubernetes.io/egress-bandwidth": "20M"})
	if err != nil {
		t.Fatal(err)
	}
	if len(pod.IPs) != 2 || pod.NetNS == "" {
		t.Errorf("pod is %+v, want two addresses and a namespace", pod)
	}
	if d := labtest.Snapshot(t, l).Diff(before); !strings.Contains(d, "bwp") {
		t.Errorf("the chain made no IFB:\n%s", d)
	}
	to := netip.MustParseAddr("10.0.5.10")
	echo, err := measure.Echo(ctx, pod.NS, to, measure.EchoOptions{})
	if err != nil || echo.Lost() > 0 {
		t.Errorf("echo: %v, lost %d", err, echo.Lost())
	}
	// containerd's default burst is 4 GiB: the rate is not to be seen, only that traffic flows.
	_, err = measure.Goodput(ctx, pod.NS, l.World("payments"), netip.AddrPortFrom(to, 0),
		measure.GoodputOptions{Duration: 200 * time.Millisecond})
	if err != nil {
		t.Error(err)
	}
	if err := c.StopPod(ctx, pod); err != nil {
		t.Error(err)
	}
	if err := c.RemovePod(ctx, pod); err != nil {
		t.Error(err)
	}
	if d := labtest.Snapshot(t, l).Diff(before); d != "" {
		t.Errorf("the pod left:\n%s", d)
	}
}

func testFailingPod(t *testing.T, l *lab.Lab, c *cri.Containerd) {
	ctx := t.Context()
	good := chain(t, "shaped", lab.PTP(), bandwidth)
	bad := chain(t, "failing", lab.PTP(), lab.Macvlan("none-such"))
	if err := c.SetConflist(ctx, bad); err != nil {
		t.Fatal(err)
	}
	before := labtest.Snapshot(t, l)
	_, err := c.RunPod(ctx, "bad", "default", nil)
	if err == nil || !strings.Contains(err.Error(), `type="macvlan" failed (add): `) {
		t.Errorf("error is %v, want the plugin's own words", err)
	}
	if d := labtest.Snapshot(t, l).Diff(before); d != "" {
		t.Errorf("the pod left:\n%s", d)
	}
	if err := c.SetConflist(ctx, good); err != nil {
		t.Fatal(err)
	}
}

func testRestart(t *testing.T, c *cri.Containerd) {
	ctx := t.Context()
	pod, err := c.RunPod(ctx, "survivor", "default", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Restart(ctx); err != nil {
		t.Fatal(err)
	}
	if err := c.RemovePod(ctx, pod); err != nil {
		t.Error(err)
	}
}

// TestCloseWithPods leaves a pod running: nothing of it may stay on the machine.
func TestCloseWithPods(t *testing.T) {
	labtest.RequireRoot(t)
	bin, err := lab.ReferenceBin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.New(t.Context(), lab.Options{Bin: bin})
	if err != nil {
		t.Fatal(err)
	}
	c, err := cri.Start(t.Context(), l, cri.Options{Conflist: chain(t, "plain", lab.PTP())})
	if err == nil {
		_, err = c.RunPod(t.Context(), "web", "default", nil)
	}
	if err != nil {
		t.Error(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, what := range []string{l.Dir, "/sys/fs/cgroup/*/" + filepath.Base(l.Dir), "/sys/fs/cgroup/" + filepath.Base(l.Dir)} {
		if left, _ := filepath.Glob(what); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
	if pids := processesOf(ctx, l.Dir); len(pids) > 0 {
		t.Errorf("processes left behind: %v", pids)
	}
}

// processesOf lists processes whose command line names dir.
func processesOf(ctx context.Context, dir string) []string {
	var pids []string
	for ctx.Err() == nil {
		pids = nil
		files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		for _, f := range files {
			if b, err := os.ReadFile(f); err == nil && strings.Contains(string(b), dir) {
				pids = append(pids, f)
			}
		}
		if len(pids) == 0 {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return pids
}
