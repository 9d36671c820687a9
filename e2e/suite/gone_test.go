// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"strings"
	"time"
)

// traces lists what is ours on the node.
func (n *network) traces() []string {
	n.t.Helper()
	var found []string
	for _, sec := range n.snapshot() {
		for _, line := range sec.Lines {
			if strings.Contains(strings.ToLower(line), "tcni") || strings.Contains(sec.Name, ": tc ") && strings.Contains(line, " 7c00:") {
				found = append(found, sec.Name+": "+line)
			}
		}
	}
	return found
}

// waitGone waits until nothing of ours is there: the kernel takes the links of
// a namespace that has ended away a moment later, a busy one many.
func (n *network) waitGone() {
	n.t.Helper()
	var left []string
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if left = n.traces(); len(left) == 0 {
			return
		}
	}
	n.t.Errorf("left behind:\n%s", strings.Join(left, "\n"))
}
