// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"testing"

	"github.com/cilium/ebpf"

	"tcni.dev/pkg/tc"
)

func TestLinearTakesNothing(t *testing.T) {
	needKernel(t)
	p, err := LoadFor(Linear)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	if p.Name != "tcni_linear" || len(p.Tag) != 16 || p.ID == 0 {
		t.Errorf("got %+v", p)
	}
	class, err := asEBPF(t, p).Run(&ebpf.RunOptions{Data: udp(host(1), 80)})
	if err != nil || class != 0 {
		t.Errorf("got class %x, error %v, want none", class, err)
	}
	if counts, err := Counters(p.ID); err != nil || len(counts) != 0 {
		t.Errorf("got counters %v, error %v, want none", counts, err)
	}
}

func TestLoadForNeedsRoutes(t *testing.T) {
	if _, err := LoadFor(tc.BPF{Name: "tcni_0123456789", Tag: "0011223344556677"}); err == nil {
		t.Error("a program was made of nothing")
	}
}
