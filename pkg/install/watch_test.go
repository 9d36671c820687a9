// SPDX-License-Identifier: Apache-2.0

package install

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// reported is one call of a Report.
type reported struct {
	changes Changes
	err     error
}

func TestWatch(t *testing.T) {
	n := newNode(t, nil)
	ctx, stop := context.WithCancel(t.Context())
	reports := make(chan reported, 100)
	done := make(chan error, 1)
	go func() { done <- Watch(ctx, n.Options, func(c Changes, err error) { reports <- reported{c, err} }) }()
	next := func() reported {
		t.Helper()
		select {
		case r := <-reports:
			return r
		case <-time.After(time.Minute): // of a machine that is busy
			t.Fatal("nothing is reported")
			return reported{}
		}
	}
	if r := next(); !errors.Is(r.err, ErrNoNetwork) {
		t.Errorf("error is %v", r.err)
	}
	path := filepath.Join(n.ConfDir, "10-a.conflist")
	n.write(path, flannel)
	if r := next(); r.err != nil || len(r.changes.Paths()) != 2 {
		t.Errorf("changes are %v, %v", r.changes.Paths(), r.err)
	}
	n.write(path, "{")
	if r := next(); r.err == nil || !strings.Contains(r.err.Error(), "10-a.conflist: line 1") {
		t.Errorf("error is %v", r.err)
	}
	// As most main plugins do it.
	n.write(path+".tmp", flannel)
	if err := os.Rename(path+".tmp", path); err != nil {
		t.Fatal(err)
	}
	if r := next(); r.err != nil || len(r.changes.Paths()) != 1 {
		t.Errorf("changes are %v, %v", r.changes.Paths(), r.err)
	}
	if got := n.conf("10-a.conflist"); got != entered(t, flannel, Options{}) {
		t.Errorf("list is %s", got)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if len(reports) > 0 {
		t.Errorf("%d more reports", len(reports))
	}
}

// TestWatchWithdraw takes out what Watch put in, once it is told to end.
func TestWatchWithdraw(t *testing.T) {
	n := newNode(t, map[string]string{"10-a.conflist": flannel})
	before := n.state()
	n.Withdraw, n.Purge = true, true
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var paths []string
	err := Watch(ctx, n.Options, func(c Changes, err error) {
		if err != nil {
			t.Error(err)
		}
		paths = append(paths, c.Paths()...)
		stop()
	})
	if err != nil {
		t.Error(err)
	}
	if len(paths) != 4 {
		t.Errorf("changed %v, want the plugin and the list, both twice", paths)
	}
	n.is(before, "at the end")
}

// TestWatchOfTrouble has a directory that cannot be watched and one that cannot be written to: Watch
// goes on, and says so once.
func TestWatchOfTrouble(t *testing.T) {
	t.Run("no watch", func(t *testing.T) {
		n := newNode(t, map[string]string{"file": ""})
		n.ConfDir = filepath.Join(n.ConfDir, "file", "net.d") // ENOTDIR
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		reports := 0
		err := Watch(ctx, n.Options, func(Changes, error) {
			reports++
			stop()
		})
		if err != nil || reports != 1 {
			t.Errorf("%d reports, then %v", reports, err)
		}
	})
	t.Run("no space", func(t *testing.T) {
		n := newNode(t, map[string]string{"10-a.conflist": flannel})
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		reports, tries := 0, 0
		n.OnStep = func(s Step) error {
			if s.Verb != "rename" || filepath.Dir(s.Path) != n.ConfDir {
				return nil
			}
			if tries++; tries == 4 {
				stop()
			}
			return errors.New("disk on fire")
		}
		err := Watch(ctx, n.Options, func(Changes, error) { reports++ })
		if err != nil || reports != 1 {
			t.Errorf("%d reports, then %v", reports, err)
		}
	})
}

// TestPace slows down as long as every look finds something to do.
func TestPace(t *testing.T) {
	p := pace(settle)
	for range 5 {
		p = p.after(true)
	}
	if want := pace(32 * settle); p != want {
		t.Errorf("pace is %v after five changes, want %v", time.Duration(p), time.Duration(want))
	}
	for range 100 {
		p = p.after(true)
	}
	if p != pace(slowest) {
		t.Errorf("pace is %v at last", time.Duration(p))
	}
	if p = p.after(false); p != pace(settle) {
		t.Errorf("pace is %v after a look without a change", time.Duration(p))
	}
}
