// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"strings"
	"testing"
	"time"

	"tcni.dev/conf"
	"tcni.dev/e2e/lab"
)

func (n *network) status(entry lab.Conf) lab.Run {
	n.t.Helper()
	entry["prevResult"] = nil
	return n.run(lab.STATUS, lab.Attachment{}, n.stdin(entry))
}

// wantStatus runs STATUS, which must leave nothing.
func (n *network) wantStatus(entry lab.Conf) lab.Run {
	n.t.Helper()
	before := n.snapshot()
	run := n.status(entry)
	n.unchanged(before, "STATUS")
	return run
}

// TestStatus is cheap, and fails for no container's sake.
func TestStatus(t *testing.T) {
	n := newNetwork(t, ptp)
	for name, entry := range map[string]lab.Conf{
		"nothing": {}, "rates": shape("auto"), "host": shape("host"), "container": shape("container"), "exempt": exempted("auto"),
	} {
		t.Run(name, func(t *testing.T) {
			run := n.wantStatus(entry)
			if run.ExitCode != 0 || run.Stdout != "" {
				t.Errorf("exit %d: %s", run.ExitCode, run.Stdout)
			}
			if run.User+run.System > time.Second { // emulated; a millisecond or two otherwise
				t.Errorf("took %v of the processor", run.User+run.System)
			}
		})
	}
	wantFailure(t, n.wantStatus(lab.Conf{"egress": "delay"}), codeConf, "egress")
}

// TestWithoutNetemStatus fails where every container needs it, and warns where
// one might.
func TestWithoutNetemStatus(t *testing.T) {
	n := newNetwork(t, ptp)
	needNoNetem(t, n.Lab)
	wantFailure(t, n.wantStatus(lab.Conf{"egress": "delay 1ms"}), codeUnavailable, "netem", "sch_netem")
	wantFailure(t, n.wantStatus(lab.Conf{"profile": "3g"}), codeUnavailable, "netem")
	run := n.wantStatus(shape("auto"))
	if run.ExitCode != 0 || !strings.Contains(run.Stderr, "netem") {
		t.Errorf("exit %d, stderr %q, want a warning that names netem", run.ExitCode, run.Stderr)
	}
}

// TestNetemStatus has nothing to say.
func TestNetemStatus(t *testing.T) {
	n := newNetwork(t, ptp)
	needNetem(t, n.Lab)
	for _, entry := range []lab.Conf{{"egress": "delay 1ms"}, {"profile": "3g"}, {}} {
		run := n.wantStatus(entry)
		if run.ExitCode != 0 || run.Stdout+run.Stderr != "" {
			t.Errorf("%v: exit %d: %s%s", entry, run.ExitCode, run.Stdout, run.Stderr)
		}
	}
}

// TestWithoutNetemAdd names the module and leaves nothing.
func TestWithoutNetemAdd(t *testing.T) {
	each(t, func(t *testing.T, c chain, place conf.Placement) {
		n := newNetwork(t, c)
		needNoNetem(t, n.Lab)
		before := n.snapshot()
		for _, entry := range []lab.Conf{
			{"egress": "delay 50ms"}, {"ingress": "loss 1%"}, {"egress": "rate 1mbit", "ingress": "delay 1ms"},
		} {
			entry["placement"], entry["exemptNode"] = place, true
			wantFailure(t, n.call(lab.ADD, entry), codeKernel, "netem is not in this kernel", "sch_netem")
			n.unchanged(before, "ADD that failed")
			n.ok(lab.DEL, entry)
			n.unchanged(before, "DEL")
		}
	})
}
