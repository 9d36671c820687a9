// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"tcni.dev/conf"
)

func TestNames(t *testing.T) {
	id := Identity{"net", strings.Repeat("0123456789abcdef", 4), "eth0"}
	m := id.Mark()
	if len(m) != markLen || len(m.IFB()) != 15 || len(m.onClsact()) > 127 {
		t.Errorf("mark %q (%d), ifb %q (%d)", m, len(m), m.IFB(), len(m.IFB()))
	}
	if !strings.HasPrefix(string(m), markPrefix("net")) || !strings.HasPrefix(m.IFB(), ifbPrefix("net")) {
		t.Errorf("%q and %q do not begin with their network's", m, m.IFB())
	}
	if got, ok := markOf(m.onClsact()); !ok || got != m {
		t.Errorf("mark of %q: got %q, %v", m.onClsact(), got, ok)
	}
	for _, name := range []string{"", "tcni-", "eth0", "xtcni" + string(m)} {
		if got, ok := markOf(name); ok {
			t.Errorf("mark of %q: got %q", name, got)
		}
	}
}

func TestNamesDiffer(t *testing.T) {
	marks, ifbs := map[Mark]Identity{}, map[string]Identity{}
	for _, network := range []string{"a", "b", "ab"} {
		for i := range 2000 {
			for _, ifname := range []string{"eth0", "net1"} {
				id := Identity{network, strings.Repeat("f", i%60) + string(rune('a'+i/60)), ifname}
				if other, ok := marks[id.Mark()]; ok {
					t.Fatalf("%v and %v have one mark", id, other)
				}
				if other, ok := ifbs[id.Mark().IFB()]; ok {
					t.Fatalf("%v and %v have one IFB", id, other)
				}
				marks[id.Mark()], ifbs[id.Mark().IFB()] = id, id
			}
		}
	}
}

// write is ADD's part of a record.
func write(r Records, rec Record) error {
	fd, err := r.Write(rec)
	if err != nil {
		return err
	}
	return unix.Close(fd)
}

func TestRecords(t *testing.T) {
	r := Records{Dir: t.TempDir() + "/run/tcni"}
	rec := Record{Identity: Identity{"net", "c1", "eth0"}, Netns: "/run/netns/x", Placement: conf.PlaceAuto}
	if _, err := r.Read(rec.Mark()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing: got %v", err)
	}
	if err := write(r, rec); err != nil {
		t.Fatal(err)
	}
	got, err := r.Read(rec.Mark())
	if err != nil || got.Identity != rec.Identity || got.Netns != rec.Netns {
		t.Errorf("got %+v, %v", got, err)
	}
	if marks, err := r.Marks(); err != nil || len(marks) != 1 || marks[0] != rec.Mark() {
		t.Errorf("marks: got %v, %v", marks, err)
	}
	for range 2 {
		if err := r.Remove(rec.Mark()); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(r.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the directory: %v", err)
	}
}

// TestRecordsOfOthers writes and removes at the same time: each takes the
// directory away when it was the last.
func TestRecordsOfOthers(t *testing.T) {
	r := Records{Dir: t.TempDir() + "/tcni"}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			rec := Record{Identity: Identity{"net", strconv.Itoa(i), "eth0"}}
			for range 200 {
				if err := errors.Join(write(r, rec), r.Remove(rec.Mark())); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}
