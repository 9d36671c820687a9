// SPDX-License-Identifier: Apache-2.0

package lab_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/containernetworking/cni/pkg/types"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

func mbit(n int64) int64 { return n * 1_000_000 }

// TestChain runs every verb of each reference chain and proves that DEL leaves nothing.
func TestChain(t *testing.T) {
	l := labtest.NewReference(t, lab.Options{Worlds: lab.DefaultWorlds()})
	shaped := lab.Bandwidth(mbit(20), 400_000, mbit(10), 400_000)
	for _, tc := range []struct {
		name    string
		plugins []lab.Conf
	}{
		{"ptp", []lab.Conf{lab.PTP()}},
		{"ptp-bandwidth", []lab.Conf{lab.PTP(), shaped}},
		{"bridge-bandwidth", []lab.Conf{lab.Bridge(), shaped}},
		{"macvlan", []lab.Conf{lab.Macvlan("payments")}},
	} {
		t.Run(tc.name, func(t *testing.T) { cycle(t, l, tc.name, tc.plugins) })
	}
}

func cycle(t *testing.T, l *lab.Lab, name string, plugins []lab.Conf) {
	ctx := t.Context()
	list, err := lab.Conflist(name, "1.0.0", plugins...)
	if err != nil {
		t.Fatal(err)
	}
	// The first attachment makes what the chain keeps: a bridge, an address pool.
	warm := labtest.Container(t, l, "warm-"+name)
	if _, err := l.Add(ctx, list, warm.Attach()); err != nil {
		t.Fatal(err)
	}
	c := labtest.Container(t, l, "web-"+name)
	before := labtest.Snapshot(t, l)
	out, err := l.Add(ctx, list, c.Attach())
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Result.IPs) != 2 {
		t.Errorf("ADD gave %v, want an IPv4 and an IPv6 address", out.Result.IPs)
	}
	if _, err := l.Check(ctx, list, c.Attach()); err != nil {
		t.Error(err)
	}
	if labtest.Snapshot(t, l).Diff(before) == "" {
		t.Error("ADD changed nothing that a snapshot shows")
	}
	if _, err := l.Del(ctx, list, c.Attach()); err != nil {
		t.Error(err)
	}
	if d := labtest.Snapshot(t, l).Diff(before); d != "" {
		t.Errorf("DEL left:\n%s", d)
	}
	if _, err := l.Del(ctx, list, warm.Attach()); err != nil {
		t.Error(err)
	}
	for _, ns := range []*lab.NS{c, warm} {
		if err := l.RemoveContainer(ns.Name); err != nil {
			t.Error(err)
		}
	}
}

func TestStatusAndGC(t *testing.T) {
	l := labtest.NewReference(t, lab.Options{})
	ctx := t.Context()
	list, err := lab.Conflist("gc", "1.1.0", lab.PTP())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Status(ctx, list); err != nil {
		t.Error(err)
	}
	a, b := labtest.Container(t, l, "a"), labtest.Container(t, l, "b")
	for _, c := range []*lab.NS{a, b} {
		if _, err := l.Add(ctx, list, c.Attach()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.GC(ctx, list, a.Attach()); err != nil {
		t.Error(err)
	}
	s := labtest.Snapshot(t, l)
	if s.Section("a: tc qdisc") == nil || !strings.Contains(s.String(), "eth0") {
		t.Errorf("GC took a valid attachment away:\n%s", s)
	}
	for _, line := range s.Section("b: ip link") {
		if strings.HasPrefix(line, "eth0") {
			t.Errorf("GC left b's link: %s", line)
		}
	}
}

func TestErrorOfAPlugin(t *testing.T) {
	l := labtest.NewReference(t, lab.Options{})
	list, err := lab.Conflist("bad", "1.0.0", lab.Conf{"type": "ptp", "ipam": lab.Conf{"type": "none-such"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.Add(t.Context(), list, labtest.Container(t, l, "c").Attach())
	if e := new(types.Error); !errors.As(err, &e) {
		t.Errorf("error is %v, want a *types.Error", err)
	}
}

func TestPlugin(t *testing.T) {
	l := labtest.NewReference(t, lab.Options{})
	c := labtest.Container(t, l, "c")
	run, err := l.Plugin(t.Context(), "bandwidth", l.Env(lab.ADD, c.Attach()), []byte("garbage"))
	if err != nil {
		t.Fatal(err)
	}
	if run.ExitCode != 1 || !strings.Contains(run.Stdout, `"code"`) || run.User+run.System == 0 {
		t.Errorf("run is %+v, want exit 1, an error document and some processor time", run)
	}
}
