// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"tcni.dev/internal/nstest"
	"tcni.dev/pkg/plan"
)

// elsewhere calls f on another thread in the node's namespace.
func (n *node) elsewhere(f func() error) <-chan error {
	host := fmt.Sprintf("/proc/%d/task/%d/ns/net", os.Getpid(), unix.Gettid())
	done, entered := make(chan error, 1), make(chan bool)
	go func() {
		err := nstest.Enter(host)
		close(entered)
		if err == nil {
			err = f()
		}
		done <- err
	}()
	<-entered
	return done
}

// bare tells that neither a record nor anything in the kernel is left.
func (n *node) bare(a Attachment) bool {
	n.t.Helper()
	p, err := find(a.Identity, a.Netns)
	if err != nil {
		n.t.Fatal(err)
	}
	defer p.close()
	if err := p.look(); err != nil {
		n.t.Fatal(err)
	}
	return !n.records.Has(a.Mark()) && len(ours(p.have, &plan.Plan{})) == 0
}

// TestRemoveAgainstSet holds that DEL and a change at the same time leave
// nothing, whoever is first.
func TestRemoveAgainstSet(t *testing.T) {
	n := newNode(t)
	before := n.seen()
	a := n.attachment(rates + `,"placement":"host"`)
	for i := range 40 {
		n.add(a)
		s := n.open(a)
		changed := n.elsewhere(func() error {
			time.Sleep(time.Duration(i%20) * 100 * time.Microsecond)
			_, err := s.Set(egress(t, fmt.Sprintf("rate %dmbit", 1+i%9)), time.Now())
			return err
		})
		n.remove(a)
		if err := <-changed; err != nil && !errors.Is(err, ErrGone) {
			t.Errorf("set: %v", err)
		}
		s.Close()
		if !n.bare(a) {
			t.Fatalf("round %d: left behind:\n%s", i, n.seen())
		}
	}
	if diff := cmp.Diff(before, n.seen()); diff != "" {
		t.Errorf("left behind: %s", diff)
	}
}

// standing is an iptables at which a verb stands until the function is called.
func standing(t *testing.T) (stands func() bool, goOn func()) {
	t.Helper()
	dir := t.TempDir()
	const iptables = "#!/bin/sh\ncd ${0%/*}; mkdir -p stands; until [ -e go ]; do sleep 0.01; done; exit 1\n"
	if err := os.WriteFile(dir+"/iptables", []byte(iptables), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	goOn = func() { os.MkdirAll(dir+"/go", 0o755) }
	t.Cleanup(goOn)
	return func() bool {
		for range 1000 {
			if _, err := os.Stat(dir + "/stands"); err == nil {
				return true
			}
			time.Sleep(10 * time.Millisecond)
		}
		return false
	}, goOn
}

// TestSetWhileRemoved changes the shape when DEL has cleared the links but not
// ended: it stands in iptables.
func TestSetWhileRemoved(t *testing.T) {
	n := newNode(t)
	before := n.seen()
	a := n.attachment(rates + `,"placement":"host"`)
	n.add(a)
	s := n.open(a)
	stands, goOn := standing(t)
	removed := n.elsewhere(func() error { return Remove(a.Identity, a.Netns, true, n.records) })
	if !stands() {
		t.Fatal("DEL does not come to iptables")
	}
	if _, err := s.Set(egress(t, "rate 7mbit"), time.Now()); !errors.Is(err, ErrGone) {
		t.Errorf("set: got %v", err)
	}
	goOn()
	<-removed // that iptables fails is its own affair
	s.Close()
	if diff := cmp.Diff(before, n.seen()); diff != "" {
		t.Errorf("left behind: %s", diff)
	}
}

// TestSetWhileAdded has a session wait for an ADD that stands in iptables.
func TestSetWhileAdded(t *testing.T) {
	n := newNode(t)
	a := n.attachment(rates + `,"placement":"host","exemptNode":true`)
	stands, goOn := standing(t)
	added := n.elsewhere(func() error {
		_, err := Add(a, n.records)
		return err
	})
	if !stands() {
		t.Fatal("ADD does not come to iptables")
	}
	if l, err := n.records.tryLock(a.Mark()); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v, %v", l, err)
	}
	goOn()
	<-added // that iptables fails is its own affair
	if !n.bare(a) {
		t.Error("a failed ADD left something")
	}
}

// between makes the change of a session that begins before do and ends after it.
func (s *Session) between(t *testing.T, text string, do func()) error {
	t.Helper()
	rec, err := s.Record().edited(egress(t, text), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	made, err := s.place.build(rec.attachment(rec.Shape()), s.ex)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := s.steps(made)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.lock.write(rec); err != nil {
		t.Fatal(err)
	}
	s.rec = rec
	do()
	if err := s.finish(made, s.carryOut(steps)); err != nil {
		t.Error(err)
	}
	return s.stillThere()
}

func TestChangeAcrossRemove(t *testing.T) {
	n := newNode(t)
	before := n.seen()
	a := n.attachment(rates + `,"placement":"host"`)
	n.add(a)
	s := n.open(a)
	if err := s.between(t, "rate 7mbit", func() { n.remove(a) }); !errors.Is(err, ErrGone) {
		t.Errorf("got %v", err)
	}
	s.Close()
	if diff := cmp.Diff(before, n.seen()); diff != "" {
		t.Errorf("left behind: %s", diff)
	}
}

// TestChangeAcrossAdd holds that what ADD asked for last is in force, whatever a
// session does at the same time.
func TestChangeAcrossAdd(t *testing.T) {
	n := newNode(t)
	a := n.attachment(rates)
	n.add(a)
	s := n.open(a)
	if err := s.between(t, "rate 7mbit burst 99kb", func() { n.add(a) }); !errors.Is(err, ErrGone) {
		t.Errorf("got %v", err)
	}
	if err := Check(a, n.records); err != nil {
		t.Error(err)
	}
	s.Close()

	s = n.open(a)
	if _, _, err := s.Push(egress(t, "rate 9mbit"), ByPlay, time.Now(), time.Time{}); err != nil {
		t.Fatal(err)
	}
	n.add(a)
	if err := s.step(t, "rate 3mbit"); !errors.Is(err, ErrGone) {
		t.Errorf("a player's step: got %v", err)
	}
	if err := Check(a, n.records); err != nil {
		t.Error(err)
	}
	s.Close()
	if files, err := filepath.Glob(n.records.Dir + "/*"); err != nil || len(files) != 1 {
		t.Errorf("files: %v, %v", files, err)
	}
}
