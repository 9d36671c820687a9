// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"

	"tcni.dev/e2e/lab"
)

// callsFile is what the recorder writes to, in the lab's directory.
const callsFile = "calls"

// recorder stands in tcni's place, calls it, and writes down what the runtime said: a line has the
// verb, the container, whether there was a namespace and a prevResult, and how tcni ended. One write
// to the end of a file is whole, whoever else writes.
const recorder = `#!/bin/sh
conf=$(cat)
netns=${CNI_NETNS:+netns}
case $conf in *'"prevResult"'*) prev=prevResult ;; *) prev= ;; esac
printf '%%s' "$conf" | %[1]q
status=$?
printf '%%s\n' "$CNI_COMMAND $CNI_CONTAINERID ${netns:--} ${prev:--} $status" >>%[2]q
exit $status
`

// record puts the recorder into the node's directory of plugins.
func (n *node) record() {
	n.t.Helper()
	bin, err := lab.Bin(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	script := fmt.Sprintf(recorder, filepath.Join(bin, "tcni"), filepath.Join(n.Dir, callsFile))
	path := filepath.Join(n.plugins, "tcni")
	if err := os.Remove(path); err != nil {
		n.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		n.t.Fatal(err)
	}
}

// calls returns what was called for a container, but for its id.
func (n *node) calls(container string) []string {
	n.t.Helper()
	data, err := os.ReadFile(filepath.Join(n.Dir, callsFile))
	if err != nil {
		n.t.Fatal(err)
	}
	var calls []string
	for line := range strings.Lines(string(data)) {
		if verb, rest, _ := strings.Cut(strings.TrimSpace(line), " "); strings.HasPrefix(rest, container+" ") {
			calls = append(calls, verb+strings.TrimPrefix(rest, container))
		}
	}
	return calls
}

// TestContainerdDels: a pod that is stopped and removed has two DELs. The second has neither the
// namespace nor the result, and finds nothing to do.
func TestContainerdDels(t *testing.T) {
	for _, d := range daemons {
		t.Run(d.name, func(t *testing.T) {
			c := newContainerd(t, d, d.conflist(t))
			c.record()
			before := c.snapshot()
			p, _ := c.run("web", annotations(t))
			if err := c.StopPod(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			c.unchanged(before, "the first DEL")
			// Not RemovePod, which stops it once more.
			_, err := c.Runtime.RemovePodSandbox(t.Context(), &runtimeapi.RemovePodSandboxRequest{PodSandboxId: p.ID})
			if err := errors.Join(err, p.NS.Close()); err != nil {
				t.Fatal(err)
			}
			c.unchanged(before, "the second DEL")
			want := "ADD netns prevResult 0, DEL netns prevResult 0, DEL - - 0"
			if got := strings.Join(c.calls(p.ID), ", "); got != want {
				t.Errorf("containerd called %s, want %s", got, want)
			}
		})
	}
}
