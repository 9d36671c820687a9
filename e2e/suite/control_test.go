// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tcni.dev/e2e/cri"
	"tcni.dev/e2e/lab"
	"tcni.dev/pkg/view"
)

// newPods starts a containerd on a lab's node.
func newPods(t *testing.T, l *lab.Lab) pods {
	t.Helper()
	list, err := lab.Conflist(netName, "1.0.0", podChain...)
	if err != nil {
		t.Fatal(err)
	}
	c, err := cri.Start(t.Context(), l, cri.Options{Conflist: list})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(c.Log())
		}
	})
	return pods{t, l, c}
}

// tcnictl runs on a node with pods.
type tcnictl struct {
	t   *testing.T
	p   pods
	pod *cri.Pod
}

func (c tcnictl) path() string { return filepath.Join(c.p.lab.Bin, "tcnictl") }

// run runs a verb to its end, which is to be a good one, and returns what it printed.
func (c tcnictl) run(args ...string) string {
	c.t.Helper()
	out, err := c.p.Node().Output(c.t.Context(), c.path(), args...)
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

// running is a verb that has not ended.
type running struct {
	*exec.Cmd
	t   *testing.T
	err bytes.Buffer
}

func (c tcnictl) start(args ...string) *running {
	c.t.Helper()
	r := &running{Cmd: exec.Command(c.path(), args...), t: c.t}
	r.Stderr = &r.err
	if err := c.p.Node().Start(r.Cmd); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { r.Process.Kill(); r.Cmd.Wait() })
	return r
}

// wait waits for its end, which is to be a good one.
func (r *running) wait() {
	r.t.Helper()
	if err := r.Wait(); err != nil {
		r.t.Fatalf("%v: %v: %s", r.Args, err, r.err.String())
	}
}

// kill sends SIGKILL.
func (r *running) kill() {
	r.t.Helper()
	if err := r.Process.Kill(); err != nil {
		r.t.Fatal(err)
	}
	_ = r.Wait()
}

// attachments are what list has.
func (c tcnictl) attachments(names ...string) (list []view.Attachment) {
	c.t.Helper()
	if err := json.Unmarshal([]byte(c.run(append([]string{"list", "-o", "json"}, names...)...)), &list); err != nil {
		c.t.Fatal(err)
	}
	return list
}

// eventually waits until the pod's attachment is as wanted.
func (c tcnictl) eventually(what string, is func(view.Attachment) bool) {
	c.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if list := c.attachments("default/" + c.pod.Name); is(list[0]) {
			return
		}
	}
	c.t.Fatalf("not %s: %+v", what, c.attachments())
}

// tree is what is in the kernel, as tc(8) shows it in the pod and tcnictl on both ends.
func (c tcnictl) tree() string {
	c.t.Helper()
	out := c.run("show", "default/"+c.pod.Name, "-o", "tc")
	for _, kind := range []string{"qdisc", "class", "filter"} {
		text, err := c.pod.NS.Output(c.t.Context(), "tc", kind, "show", "dev", "eth0")
		if err != nil {
			c.t.Fatal(err)
		}
		out += directPackets.ReplaceAllString(text, "")
	}
	return out
}

// killReverters ends what waits to take something back, of this node alone.
func (c tcnictl) killReverters() {
	c.t.Helper()
	const script = `for p in /proc/[0-9]*; do
		case $(tr '\0' ' ' <$p/cmdline 2>/dev/null) in "tcnictl revert "*) kill -9 ${p#/proc/} && echo killed;; esac
	done`
	out, err := c.p.Node().Output(c.t.Context(), "sh", "-c", script)
	if err != nil || !strings.Contains(out, "killed") {
		c.t.Fatalf("nobody waits to revert: %q, %v", out, err)
	}
}
