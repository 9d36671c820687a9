// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

func TestKernelShowsName(t *testing.T) {
	needKernel(t)
	p := loaded(t, sets[0].routes(10), true)
	i, err := asEBPF(t, p).Info()
	if err != nil {
		t.Fatal(err)
	}
	id, _ := i.ID()
	if i.Name != p.Name || i.Tag != p.Tag || uint32(id) != p.ID || i.Type != ebpf.SchedCLS {
		t.Errorf("the kernel has %+v, want %+v", i, p)
	}
	if other := loaded(t, sets[0].routes(11), true); other.Tag == p.Tag {
		t.Errorf("programs for other routes have the same tag %s", p.Tag)
	}
}

// TestCounts sends packets that are as long on the wire as the context says,
// some of them in segments.
func TestCounts(t *testing.T) {
	needKernel(t)
	routes := sets[0].routes(20)
	p := loaded(t, routes, true)
	program := asEBPF(t, p)
	want := make([]Count, len(routes))
	for i := range routes {
		context := skb{WireLen: uint32(100 + i), GSOSegs: uint32(i % 4), GSOSize: uint32(i % 4)}
		class, err := program.Run(&ebpf.RunOptions{Data: udp(host(i), 80), Context: context})
		if err != nil || tc.Handle(class) != routes[i].Class {
			t.Fatalf("got class %x, error %v", class, err)
		}
		want[i] = Count{uint64(max(1, i%4)), uint64(100 + i)}
	}
	got, err := Counters(p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("counted %v, want %v", got, want)
	}
}

func TestCountersOfOthers(t *testing.T) {
	needKernel(t)
	if _, err := Counters(0xfffffff0); !errors.Is(err, unix.ENOENT) {
		t.Errorf("got error %v, want ENOENT", err)
	}
	fd, err := loadInstructions("other", encode(compiled(t, nil, true).insns, [mapRefs]int{}))
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	var i progInfo
	if err := info(fd, &i); err != nil {
		t.Fatal(err)
	}
	if _, err := Counters(i.id); err == nil || !strings.Contains(err.Error(), `"other" and not a classifier`) {
		t.Errorf("got error %v", err)
	}
}

func TestTablesAreFrozen(t *testing.T) {
	needKernel(t)
	fd, err := createTables(make([]byte, 64))
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := element(unix.BPF_MAP_UPDATE_ELEM, fd, make([]byte, 64)); err != unix.EPERM {
		t.Errorf("got error %v, want EPERM", err)
	}
}

func TestVerifierSpeaks(t *testing.T) {
	needKernel(t)
	a := &assembler{labels: map[string]int{}}
	a.load(u64, r0, r5, 0)
	a.exit()
	_, err := (&Table{insns: a.insns}).Load()
	if err == nil || !strings.Contains(err.Error(), "R5 !read_ok") || !strings.Contains(err.Error(), namePrefix) {
		t.Errorf("got error %v", err)
	}
}

// TestNotPermitted gives up the capabilities of one thread, which ends with
// the goroutine that it is locked to.
func TestNotPermitted(t *testing.T) {
	needKernel(t)
	result := make(chan error)
	go func() {
		runtime.LockOSThread()
		header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var none [2]unix.CapUserData
		if err := unix.Capset(&header, &none[0]); err != nil {
			result <- err
			return
		}
		result <- Probe()
	}()
	if err := <-result; err == nil || !strings.Contains(err.Error(), "needs CAP_BPF and CAP_NET_ADMIN") {
		t.Errorf("got error %v", err)
	}
}

func TestManyRoutesLoad(t *testing.T) {
	needKernel(t)
	for _, s := range sets {
		routes := s.routes(5000)
		p := loaded(t, routes, true)
		classify := classifier(t, p)
		m := newMachine(compiled(t, routes, true))
		for _, f := range s.frames(5000) {
			got, err := classify(f)
			want, _ := m.classify(f)
			if err != nil || got != want || want == tc.HandleNone {
				t.Errorf("%s: got class %v, error %v, want %v", s.name, got, err, want)
			}
		}
	}
}
