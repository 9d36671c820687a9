// SPDX-License-Identifier: Apache-2.0

package install

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestChangedInBetween has the main plugin, which knows of no lock, write its file before each step
// up to the one that puts ours in its place.
func TestChangedInBetween(t *testing.T) {
	newer := strings.Replace(flannel, "cbr0", "cbr1", 1)
	for _, at := range []string{"rename tcni", "write .a.conflist" + tempSuffix, "rename a.conflist"} {
		n := newNode(t, map[string]string{"a.conflist": flannel})
		n.OnStep = func(s Step) error {
			if s.Verb+" "+filepath.Base(s.Path) == at {
				n.write(filepath.Join(n.ConfDir, "a.conflist"), newer)
			}
			return nil
		}
		c, err := Plan(n.Options)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Apply(); !errors.Is(err, ErrChanged) {
			t.Errorf("before %s: error is %v", at, err)
		}
		want := map[string]string{"bin/tcni": "-rwxr-xr-x " + tcni, "net.d/a.conflist": "-rw-r----- " + newer}
		for _, main := range []string{"bridge", "flannel"} {
			want["bin/"+main] = "-rw-r----- a plugin"
		}
		n.is(want, "before "+at)
	}
}

// TestGoneInBetween has a file that was found, and is gone when it is read.
func TestGoneInBetween(t *testing.T) {
	n := newNode(t, map[string]string{"a.conflist": flannel})
	tries := 0
	c, err := converge(func(o Options) (Changes, error) {
		if tries++; tries < 3 {
			_, err := os.ReadFile(filepath.Join(o.ConfDir, "b.conflist"))
			return Changes{}, err
		}
		return Plan(o)
	}, n.Options)
	if err != nil || len(c.Paths()) != 2 {
		t.Errorf("changed %v, %v", c.Paths(), err)
	}
}

// TestAtOnce uninstalls between the plan and the work of an install, which finds the executable in
// its place and would name it only.
func TestAtOnce(t *testing.T) {
	n := newNode(t, map[string]string{"10-a.conflist": flannel})
	before := n.state()
	n.write(filepath.Join(n.BinDir, "tcni"), tcni)
	if err := os.Chmod(filepath.Join(n.BinDir, "tcni"), 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := Plan(n.Options)
	if err != nil || len(c.Paths()) != 1 {
		t.Fatalf("changes are %v, %v", c.Paths(), err)
	}
	n.Purge = true
	n.uninstall()
	if err := c.Apply(); !errors.Is(err, ErrChanged) {
		t.Errorf("error is %v", err)
	}
	n.is(before, "after both")
}

// TestLock waits for another installation, but not for ever.
func TestLock(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	unlock, err := lockDirs(0, a, a) // one directory for both does not wait for itself
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockDirs(0, b, a); err == nil || err.Error() != "lock "+a+": another process holds it: wait for it to end" {
		t.Errorf("error is %v", err)
	}
	unlock()
	unlock, err = lockDirs(0, b, a, filepath.Join(a, "none"))
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

// TestLeftovers writes over what a crash left under a temporary name, and not through it.
func TestLeftovers(t *testing.T) {
	n := newNode(t, map[string]string{"10-a.conflist": flannel})
	other := filepath.Join(t.TempDir(), "other")
	n.write(other, "theirs")
	for _, path := range []string{filepath.Join(n.BinDir, "tcni"), filepath.Join(n.ConfDir, "10-a.conflist")} {
		if err := os.Link(other, temp(path)); err != nil {
			t.Fatal(err)
		}
	}
	n.install()
	if data, err := os.ReadFile(other); err != nil || string(data) != "theirs" {
		t.Errorf("the other file is %q, %v", data, err)
	}
}
