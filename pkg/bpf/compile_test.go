// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"tcni.dev/pkg/bpf/model"
	"tcni.dev/pkg/tc"
)

func compiled(t testing.TB, routes []tc.Route, egress bool) *Table {
	t.Helper()
	table, err := Compile(routes, egress)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestInterpreted needs no kernel.
func TestInterpreted(t *testing.T) {
	for _, n := range []int{0, 1, 3, 10, 70, 300, 1100} {
		for seed := range uint64(4) {
			r := rand.New(rand.NewPCG(uint64(n), 100+seed))
			routes := model.Routes(r, n)
			m := newMachine(compiled(t, routes, seed%2 == 0))
			if err := model.Compare(r, routes, seed%2 == 0, m.classify, 200, nil); err != nil {
				t.Errorf("%d routes, seed %d: %v", n, seed, err)
			}
		}
	}
}

// TestSets decides the packets that are measured with.
func TestSets(t *testing.T) {
	for _, s := range sets {
		for _, n := range []int{10, 100, 1000} {
			routes := s.routes(n)
			m := newMachine(compiled(t, routes, true))
			for _, f := range s.frames(n) {
				if err := model.Decide(routes, true, m.classify, f); err != nil {
					t.Errorf("%s, %d routes: %v", s.name, n, err)
				}
			}
		}
	}
}

func TestDeterministic(t *testing.T) {
	routes := model.Routes(rand.New(rand.NewPCG(5, 6)), 300)
	a, b := compiled(t, routes, true), compiled(t, routes, true)
	if a.Name() != b.Name() || !slices.Equal(a.insns, b.insns) || !bytes.Equal(a.tables, b.tables) {
		t.Error("equal routes give different tables")
	}
}

// TestSizes holds what tables may cost.
func TestSizes(t *testing.T) {
	for _, s := range sets {
		for n, most := range map[int]int{10: 6 << 10, 1000: 512 << 10, 5000: 3 << 20} {
			if got := compiled(t, s.routes(n), true).TableBytes(); got > most {
				t.Errorf("%s: tables of %d routes take %d bytes, want at most %d", s.name, n, got, most)
			}
		}
	}
}

func TestNameTellsRoutesApart(t *testing.T) {
	class := tc.MakeHandle(1, 2)
	cidr := netip.MustParsePrefix("10.0.0.0/8")
	lists := [][]tc.Route{
		{}, {{Class: class}}, {{Class: class + 1}}, {{Class: class}, {Class: class}},
		{{Match: tc.Match{CIDRs: []netip.Prefix{cidr}}, Class: class}},
		{{Match: tc.Match{CIDRs: []netip.Prefix{netip.MustParsePrefix("::ffff:10.0.0.0/8")}}, Class: class}},
		{{Match: tc.Match{CIDRs: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/9")}}, Class: class}},
		{{Match: tc.Match{Ports: portsFrom(1, 2)}, Class: class}},
		{{Match: tc.Match{LocalPorts: portsFrom(1, 2)}, Class: class}},
		{{Match: tc.Match{Protocols: []uint8{6}}, Class: class}},
		{{Match: tc.Match{DSCPs: []uint8{6}}, Class: class}},
	}
	seen := map[string]string{}
	for i, routes := range lists {
		for _, egress := range []bool{false, true} {
			name := compiled(t, routes, egress).Name()
			if len(name) != 15 || !strings.HasPrefix(name, namePrefix) {
				t.Errorf("%q is not a name", name)
			}
			where := fmt.Sprintf("list %d, egress %v", i, egress)
			if other, ok := seen[name]; ok {
				t.Errorf("%s and %s: one name", where, other)
			}
			seen[name] = where
		}
	}
}

func TestRefuses(t *testing.T) {
	ok := tc.MakeHandle(1, 2)
	for want, routes := range map[string][]tc.Route{
		"route 0: class none":          {{}},
		"route 1: class root":          {{Class: ok}, {Class: tc.HandleRoot}},
		"cidr: not valid":              {{Match: tc.Match{CIDRs: []netip.Prefix{{}}}, Class: ok}},
		"ports 2-1: the last is below": {{Match: tc.Match{Ports: portsFrom(2, 1)}, Class: ok}},
		"dscp 64: outside 0..63":       {{Match: tc.Match{DSCPs: []uint8{64}}, Class: ok}},
		"16385 routes: at most 16384":  make([]tc.Route, MaxRoutes+1),
	} {
		if _, err := Compile(routes, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}

func TestIdentifiersEnd(t *testing.T) {
	p, d := newPool(1), &dimension{}
	var atChunk, atClass error
	for i := uint64(1); i < maxIDs+1; i++ {
		_, atChunk = p.id(chunk{i})
		_, atClass = d.class(vector{uint16(i - 1), 1})
		if i < maxIDs && (atChunk != nil || atClass != nil) {
			t.Fatalf("%d: %v, %v", i, atChunk, atClass)
		}
	}
	if atChunk == nil || atClass != nil {
		t.Errorf("got errors %v and %v, want one and none", atChunk, atClass)
	}
	if _, err := d.class(vector{0, 2}); err == nil {
		t.Error("got no error for a class too many")
	}
}

func FuzzCompile(f *testing.F) {
	f.Add(uint64(1), uint64(2), uint16(3), true)
	f.Fuzz(func(t *testing.T, a, b uint64, n uint16, egress bool) {
		r := rand.New(rand.NewPCG(a, b))
		routes := model.Routes(r, int(n%700))
		m := newMachine(compiled(t, routes, egress))
		if err := model.Compare(r, routes, egress, m.classify, 20, nil); err != nil {
			t.Error(err)
		}
	})
}
