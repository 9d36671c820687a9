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
