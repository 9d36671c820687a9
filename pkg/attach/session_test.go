// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tcni.dev/conf"
)

// egress is an edit.
func egress(t *testing.T, text string) Edit {
	t.Helper()
	d, _, err := conf.ParseDirection(text)
	if err != nil {
		t.Fatal(err)
	}
	return func(s conf.Shape) (conf.Shape, error) {
		s.Egress = d
		return s, nil
	}
}

func off(s conf.Shape) (conf.Shape, error) {
	s.Egress, s.Ingress = nil, nil
	return s, nil
}

// step is one of a player's.
func (s *Session) step(t *testing.T, text string) error {
	do, err := s.Prepare(conf.Shape{Egress: must(t, text)}, text)
	if err != nil {
		return err
	}
	return do()
}

func (n *node) open(a Attachment) *Session {
	n.t.Helper()
	s, err := n.records.Open(n.t.Context(), a.Mark())
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(s.Close)
	return s
}

func TestSessionInForce(t *testing.T) {
	for _, placement := range []string{"auto", "container", "host"} {
		t.Run(placement, func(t *testing.T) {
			n := newNode(t)
			before := n.seen()
			a := n.attachment(rates + `,"placement":"` + placement + `"`)
			n.add(a)
			installed := n.seen()
			s := n.open(a)
			now := time.Now()
			for _, step := range []struct {
				name string
				do   func() error
				rate string // of the egress's link class; "": none
			}{
				{"set", func() error { _, err := s.Set(egress(t, "rate 7mbit"), now); return err }, "rate 7Mbit"},
				{"set again", func() error { _, err := s.Set(egress(t, "rate 8mbit"), now); return err }, "rate 8Mbit"},
				{"push", func() error { _, _, err := s.Push(egress(t, "rate 9mbit"), BySet, now, now); return err }, "rate 9Mbit"},
				{"play", func() error { _, _, err := s.Push(egress(t, "rate 9mbit"), ByPlay, now, time.Time{}); return err }, "rate 9Mbit"},
				{"a step", func() error { return s.step(t, "rate 3mbit") }, "rate 3Mbit"},
				{"a longer one", func() error { return s.step(t, "rate 4mbit burst 123kb") }, "rate 4Mbit"},
				{"a short one", func() error { return s.step(t, "rate 3mbit") }, "rate 3Mbit"},
				{"end", func() error { return s.Drop(func(o *Override) bool { return o.By == ByPlay }) }, "rate 9Mbit"},
				{"drop what is due", func() error { return s.Drop(func(o *Override) bool { return o.Due(now) }) }, "rate 8Mbit"},
				{"off", func() error { _, err := s.Set(off, now); return err }, ""},
				{"clear", s.Clear, "rate 20Mbit"},
			} {
				if err := step.do(); err != nil {
					t.Fatalf("%s: %v", step.name, err)
				}
				if err := Check(a, n.records); err != nil {
					t.Errorf("%s: %v", step.name, err)
				}
				if seen := n.seen() + n.classes(a); step.rate != "" && !strings.Contains(seen, "class htb 7c00:1 root "+step.rate) {
					t.Errorf("%s: no %s in:\n%s", step.name, step.rate, seen)
				} else if step.rate == "" && strings.Contains(seen, "htb 7c00:") {
					t.Errorf("%s: shaped:\n%s", step.name, seen)
				}
			}
			s.Close()
			if placement == "auto" { // the others' filters are under other preferences now
				if diff := cmp.Diff(prefless(installed), prefless(n.seen())); diff != "" {
					t.Errorf("clear is not what was installed: %s", diff)
				}
			}
			n.remove(a)
			if diff := cmp.Diff(before, n.seen()); diff != "" {
				t.Errorf("left behind: %s", diff)
			}
		})
	}
}

// classes are those on an IFB on the host.
func (n *node) classes(a Attachment) string {
	if !strings.Contains(n.ip("link"), a.Mark().IFB()) {
		return ""
	}
	return n.run("tc class show dev " + a.Mark().IFB())
}

// prefless is text without what changes from one filter to its successor.
func prefless(s string) string {
	var out []string
	for line := range strings.Lines(s) {
		if !strings.HasPrefix(line, "filter") && !strings.Contains(line, "flowid") && !strings.HasPrefix(line, "  match") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

func must(t *testing.T, text string) *conf.Direction {
	t.Helper()
	s, err := egress(t, text)(conf.Shape{})
	if err != nil {
		t.Fatal(err)
	}
	return s.Egress
}

// TestSetUnderOverride holds that what is set for good survives what ends.
func TestSetUnderOverride(t *testing.T) {
	rec := Record{Egress: must(t, "rate 1mbit"), Ingress: must(t, "rate 2mbit")}
	now := time.Now()
	rec, err := rec.pushed(egress(t, "rate 3mbit"), BySet, now, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	rec, err = rec.edited(func(s conf.Shape) (conf.Shape, error) {
		s.Ingress = must(t, "rate 4mbit")
		return s, nil
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		when            string
		egress, ingress string
	}{{"while it lasts", "rate 3mbit", "rate 4mbit"}, {"afterwards", "rate 1mbit", "rate 4mbit"}} {
		if s := rec.Shape(); s.Egress.Words() != want.egress || s.Ingress.Words() != want.ingress {
			t.Errorf("%s: egress %s, ingress %s", want.when, s.Egress.Words(), s.Ingress.Words())
		}
		rec = rec.without((*Override).ends)
	}
}

func TestSessionIsAlone(t *testing.T) {
	n := newNode(t)
	a := n.attachment(rates)
	n.add(a)
	s := n.open(a)
	if _, err := s.Set(egress(t, "rate 7mbit"), time.Now()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if _, err := n.records.Open(ctx, a.Mark()); !errors.Is(err, ErrBusy) {
		t.Errorf("a second session: %v", err)
	}
	s.Close()
	n.open(a).Close()
}

func TestSessionAfterRemoval(t *testing.T) {
	n := newNode(t)
	before := n.seen()
	a := n.attachment(rates)
	n.add(a)
	s := n.open(a)
	n.remove(a)
	if _, err := s.Set(egress(t, "rate 7mbit"), time.Now()); !errors.Is(err, ErrGone) {
		t.Errorf("got %v", err)
	}
	s.Close()
	if diff := cmp.Diff(before, n.seen()); diff != "" {
		t.Errorf("left behind: %s", diff)
	}
	if _, err := n.records.Open(t.Context(), a.Mark()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no record: got %v", err)
	}
}

// TestSessionRefused holds that a shape that the kernel refuses, as it does
// where it lacks netem, leaves the one before in force.
func TestSessionRefused(t *testing.T) {
	n := newNode(t)
	a := n.attachment(rates)
	n.add(a)
	s := n.open(a)
	if _, err := s.Set(egress(t, "delay 10ms"), time.Now()); err == nil {
		t.Skip("this kernel has netem")
	}
	s.Close()
	if s.Record().Override != nil {
		t.Error("it is in the record")
	}
	if err := Check(a, n.records); err != nil {
		t.Error(err)
	}
}
