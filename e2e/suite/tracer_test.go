// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"testing"

	"tcni.dev/e2e/lab"
)

// TestTracer holds the tracer to a program whose calls are known.
func TestTracer(t *testing.T) {
	n := newNetwork(t, ptp)
	before := n.snapshot()
	full := n.trace(lab.ADD, n.stdin(shape("auto")), 0)
	if full.killed || !full.status.Exited() || full.status.ExitStatus() != 0 || full.points < 5 {
		t.Fatalf("a run to the end: %+v", full)
	}
	n.ok(lab.CHECK, shape("auto"))
	n.ok(lab.DEL, nil)
	first := n.trace(lab.ADD, n.stdin(shape("auto")), 1)
	if !first.killed || !first.status.Signaled() || first.points != 1 {
		t.Errorf("killed at the first point: %+v", first)
	}
	n.unchanged(before, "a run that was killed at once")
}
