// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"testing"

	"tcni.dev/pkg/tc"
)

func TestProbeFilter(t *testing.T) {
	_, c, dev := lab(t)
	want := parse(t, root)
	if err := c.Apply(dev, adds(want)); err != nil {
		t.Fatal(err)
	}
	if ok, err := c.ProbeFilter(dev.Name, tc.MakeHandle(0x7c00, 0), "bpf"); err != nil || !ok {
		t.Errorf("bpf: got %v, %v", ok, err)
	}
	if ok, err := c.ProbeFilter(dev.Name, tc.MakeHandle(0x7c00, 0), "nosuch"); err != nil || ok {
		t.Errorf("a classifier that is in no kernel: got %v, %v", ok, err)
	}
	if have := wantTree(t, c, dev, want); len(have.Objects) != len(want.Objects) {
		t.Errorf("a probe left something: %v", have.Lines())
	}
}
