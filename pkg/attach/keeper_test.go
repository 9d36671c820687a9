// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tcni.dev/conf"
	"tcni.dev/pkg/view"
)

// state is what list tells of the only attachment.
func (n *node) state() view.State {
	n.t.Helper()
	h, err := OpenHost()
	if err != nil {
		n.t.Fatal(err)
	}
	defer h.Close()
	list, err := n.records.ListOn(h)
	if err != nil || len(list) != 1 {
		n.t.Fatal(list, err)
	}
	return Describe(h, list[0], time.Now(), false).State
}

func (n *node) wantState(when string, want view.State) {
	n.t.Helper()
	if got := n.state(); got != want {
		n.t.Errorf("%s: %s, want %s", when, got, want)
	}
}

// wantFiles wants the record alone, or with as many keepers in a directory.
func (n *node) wantFiles(when string, keepers int) {
	n.t.Helper()
	files, err := filepath.Glob(n.records.Dir + "/*")
	inside, _ := filepath.Glob(n.records.Dir + "/*.d/*")
	if err != nil || len(files) != 1+min(keepers, 1) || len(inside) != keepers {
		n.t.Errorf("%s: files %v, %v", when, files, err)
	}
}

// TestPlayerKilled changes the shape after a player that did not end what it
// played.
func TestPlayerKilled(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Session) error
		egress string // in force then
	}{
		{"set", func(s *Session) error {
			_, err := s.Set(egress(t, "rate 9mbit"), time.Now())
			return err
		}, "rate 9mbit"},
		{"push", func(s *Session) error {
			_, _, err := s.Push(func(s conf.Shape) (conf.Shape, error) { return s, nil }, ByPlay, time.Now(), time.Time{})
			return err
		}, "rate 20mbit"},
		{"off", func(s *Session) error { _, err := s.Off(time.Now()); return err }, ""},
		{"drop", func(s *Session) error { return s.Drop(func(*Override) bool { return false }) }, "rate 20mbit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNode(t)
			a := n.attachment(`"egress":"rate 20mbit"`)
			n.add(a)
			s := n.open(a)
			if _, _, err := s.Push(egress(t, "rate 7mbit"), ByPlay, time.Now(), time.Time{}); err != nil {
				t.Fatal(err)
			}
			if err := s.step(t, "rate 3mbit"); err != nil {
				t.Fatal(err)
			}
			n.wantState("while it plays", view.OK)
			s.Close()
			n.wantState("killed", view.Overdue)
			if err := Check(a, n.records); err != nil {
				t.Errorf("what the player left is what it told: %v", err)
			}

			s = n.open(a)
			if !s.Deserted() || s.Record().Override != nil {
				t.Errorf("a session has %+v", s.Record().Override)
			}
			if err := c.change(s); err != nil {
				t.Fatal(err)
			}
			rec, err := n.records.Read(a.Mark())
			if err != nil {
				t.Fatal(err)
			}
			if d := rec.Shape().Egress; d == nil && c.egress != "" || d != nil && d.Words() != c.egress {
				t.Errorf("recorded: %v, want %q", d, c.egress)
			}
			if err := Check(a, n.records); err != nil {
				t.Error(err)
			}
			n.wantState("changed", view.OK)
		})
	}
}

// TestKeeperOfAnother gives an override to another process to end: it is deserted
// once that has ended, however much time is left.
func TestKeeperOfAnother(t *testing.T) {
	n := newNode(t)
	a := n.attachment(rates)
	n.add(a)
	s := n.open(a)
	file, err := s.Keeper()
	if err != nil {
		t.Fatal(err)
	}
	other, err := unix.Dup(int(file.Fd())) // as a process that is started has it
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if _, _, err := s.Push(egress(t, "rate 7mbit"), BySet, now, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	n.wantState("kept", view.OK)
	s = n.open(a)
	if s.Deserted() {
		t.Error("a session takes it for deserted")
	}
	s.Close()
	n.wantFiles("kept", 1)
	if err := unix.Close(other); err != nil {
		t.Fatal(err)
	}
	n.wantState("its keeper was killed", view.Overdue)
	s = n.open(a)
	if err := s.Drop(func(*Override) bool { return false }); err != nil {
		t.Fatal(err)
	}
	n.wantState("after a change", view.OK)
	n.wantFiles("after a change", 0)
}

// TestKeeperOfNothing lets no file stay of an override that could not be made.
func TestKeeperOfNothing(t *testing.T) {
	n := newNode(t)
	a := n.attachment(rates)
	n.add(a)
	s := n.open(a)
	if _, err := s.Keeper(); err != nil {
		t.Fatal(err)
	}
	n.wantFiles("before", 1)
	s.Close()
	n.wantFiles("after", 0)

	s = n.open(a)
	n.remove(a)
	if _, _, err := s.Push(egress(t, "rate 7mbit"), ByPlay, time.Now(), time.Time{}); err == nil {
		t.Error("pushed on nothing")
	}
	s.Close()
	if _, err := os.Stat(n.records.Dir); !os.IsNotExist(err) {
		t.Errorf("the directory: %v", err)
	}
}
