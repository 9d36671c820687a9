// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"os"
	"testing"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"tcni.dev/pkg/bpf/model"
	"tcni.dev/pkg/tc"
)

// needKernel skips a test that loads programs; where such tests must run it
// fails instead.
func needKernel(t testing.TB) {
	t.Helper()
	err := Probe()
	if err == nil {
		return
	}
	if os.Getenv("CI") != "" || os.Getenv("TCNI_ROOT_TESTS") == "1" {
		t.Fatal(err)
	}
	t.Skipf("no program can be loaded here: %v", err)
}

// loaded is a table in the kernel.
func loaded(t testing.TB, routes []tc.Route, egress bool) *Program {
	t.Helper()
	table, err := Compile(routes, egress)
	if err != nil {
		t.Fatal(err)
	}
	p, err := table.Load()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// asEBPF returns the program as another library sees it.
func asEBPF(t testing.TB, p *Program) *ebpf.Program {
	t.Helper()
	fd, err := unix.FcntlInt(uintptr(p.FD()), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		t.Fatal(err)
	}
	out, err := ebpf.NewProgramFromFD(fd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = out.Close() })
	return out
}

// classifier runs frames through a program, by BPF_PROG_TEST_RUN.
func classifier(t testing.TB, p *Program) model.Classifier {
	program := asEBPF(t, p)
	return func(frame []byte) (tc.Handle, error) {
		class, err := program.Run(&ebpf.RunOptions{Data: frame})
		return tc.Handle(class), err
	}
}
