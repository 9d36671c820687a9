// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"strings"
	"testing"

	"tcni.dev/e2e/lab"
)

// Prefixes of the names of tests that need a kernel with netem, or without.
// e2e/cmd/suite goes by them.
const (
	netemPrefix   = "TestNetem"
	noNetemPrefix = "TestWithoutNetem"
)

// needNetem fails where the kernel lacks netem, and in a test that would have
// been run there.
func needNetem(t *testing.T, l *lab.Lab) {
	t.Helper()
	need(t, netemPrefix)
	if !hasNetem(t, l) {
		t.Fatal("this kernel lacks netem: the test should have been run on one that has it (go run ./cmd/suite)")
	}
}

// needNoNetem is the contrary.
func needNoNetem(t *testing.T, l *lab.Lab) {
	t.Helper()
	need(t, noNetemPrefix)
	if hasNetem(t, l) {
		t.Fatal("this kernel has netem: the test should have been run on one that lacks it (go run ./cmd/suite)")
	}
}

func need(t *testing.T, prefix string) {
	t.Helper()
	if !strings.HasPrefix(t.Name(), prefix) {
		t.Fatalf("the name of a test that needs this begins with %s", prefix)
	}
}

// hasNetem tries on the node's lo.
func hasNetem(t *testing.T, l *lab.Lab) bool {
	t.Helper()
	ctx := t.Context()
	if _, err := l.Node.Output(ctx, "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"); err != nil {
		return false
	}
	if _, err := l.Node.Output(ctx, "tc", "qdisc", "del", "dev", "lo", "root"); err != nil {
		t.Fatal(err)
	}
	return true
}
