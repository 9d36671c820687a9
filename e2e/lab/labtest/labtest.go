// SPDX-License-Identifier: Apache-2.0

// Package labtest fits package lab to tests.
package labtest

import (
	"os"
	"testing"

	"tcni.dev/e2e/lab"
)

// RequireRoot skips a test that needs root where there is none, unless the run has promised it
// ($CI or $TCNI_ROOT_TESTS is set): then the test fails.
func RequireRoot(t testing.TB) {
	t.Helper()
	if os.Geteuid() == 0 {
		return
	}
	if os.Getenv("CI") != "" || os.Getenv("TCNI_ROOT_TESTS") != "" {
		t.Fatal("this run promised root, and is not")
	}
	t.Skip("needs root: network namespaces")
}

// New makes a lab for a test, which closes it at its end.
func New(t testing.TB, opt lab.Options) *lab.Lab {
	t.Helper()
	RequireRoot(t)
	l, err := lab.New(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// NewReference is New with the reference plugins only, whatever state tcni itself is in.
func NewReference(t testing.TB, opt lab.Options) *lab.Lab {
	t.Helper()
	RequireRoot(t)
	if os.Getenv(lab.BinEnv) == "" && opt.Bin == "" {
		dir, err := lab.ReferenceBin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		opt.Bin = dir
	}
	return New(t, opt)
}

// Container adds a container to a lab.
func Container(t testing.TB, l *lab.Lab, name string) *lab.NS {
	t.Helper()
	ns, err := l.AddContainer(name)
	if err != nil {
		t.Fatal(err)
	}
	return ns
}

// Snapshot takes a snapshot of a lab.
func Snapshot(t testing.TB, l *lab.Lab, more ...*lab.NS) lab.Snapshot {
	t.Helper()
	s, err := l.Snapshot(t.Context(), more...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
