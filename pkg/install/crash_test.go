// SPDX-License-Identifier: Apache-2.0

package install

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// crash is what ends the work before a step.
type crash struct{}

// TestCrash ends an install, and an uninstall, before every step of it, by an error and by something
// that no code after it sees. The runtime can read the node at any time, and doing it again gives
// what doing it once gives.
func TestCrash(t *testing.T) {
	for _, file := range []struct{ name, text string }{
		{"10-a.conflist", flannel}, {"10-a.conf", bridge}, {"10-a.json", bridge},
	} {
		for _, hard := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%t", file.name, hard), func(t *testing.T) {
				t.Parallel() // it waits for the disk
				n := newNode(t, map[string]string{file.name: file.text})
				n.Purge = true
				before := n.state()
				n.install()
				installed := n.state()
				testCrashes(n, "install", hard, before, installed, Install)
				n.install()
				testCrashes(n, "uninstall", hard, installed, before, Uninstall)
			})
		}
	}
}

// TestCrashOfPurge has the entry in several files, each of which may be the one that counts.
func TestCrashOfPurge(t *testing.T) {
	const theirs = `{"cniVersion": "1.0.0", "name": "theirs", "plugins": [{"type": "bridge"}]}`
	for _, hard := range []bool{false, true} {
		n := newNode(t, map[string]string{"10-a.conf": bridge, "20-b.conflist": flannel, "30-c.conflist": theirs})
		n.Purge = true
		before := n.state()
		for _, network := range []string{"theirs", "cbr0", "mynet"} {
			n.Network = network
			n.install()
		}
		n.Network = ""
		testCrashes(n, "uninstall of three", hard, n.state(), before, Uninstall)
	}
}

// testCrashes does what leads from one state to another, and breaks it off before each step.
func testCrashes(n node, what string, hard bool, from, to map[string]string, do func(Options) (Changes, error)) {
	n.t.Helper()
	for steps := 1; ; steps++ {
		n.reset(from)
		if !n.breakOff(steps, hard, do) {
			n.t.Logf("%s has %d steps", what, steps-1)
			n.is(to, what)
			return
		}
		n.readable(what, steps)
		if c, err := do(n.Options); err != nil || c.Left() != nil {
			n.t.Errorf("%s after a crash before step %d: %v, %v", what, steps, err, c.Left())
		}
		n.is(to, fmt.Sprintf("%s after a crash before step %d", what, steps))
	}
}

// breakOff reports whether there was a step of that number.
func (n node) breakOff(step int, hard bool, do func(Options) (Changes, error)) (broken bool) {
	o := n.Options
	o.OnStep = func(Step) error {
		if step--; step > 0 {
			return nil
		}
		broken = true
		if hard {
			panic(crash{})
		}
		return errors.New("disk on fire")
	}
	defer func() {
		if r := recover(); r != nil && r != (crash{}) {
			panic(r)
		}
	}()
	if _, err := do(o); (err != nil) != broken {
		n.t.Errorf("step %d: error is %v", step, err)
	}
	return broken
}

// readable fails unless a runtime finds a network, and the plugins of every network are there and
// whole.
func (n node) readable(what string, step int) {
	n.t.Helper()
	files, err := networks(n.ConfDir)
	if err != nil || len(files) == 0 {
		n.t.Fatalf("%s, before step %d: no network: %v", what, step, err)
	}
	is, err := os.ReadFile(filepath.Join(n.BinDir, "tcni"))
	whole := err == nil && string(is) == tcni
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			n.t.Fatal(err)
		}
		l, err := readList(path, text)
		if err != nil {
			n.t.Fatalf("%s, before step %d: %v", what, step, err)
		}
		if l.find("tcni") >= 0 && !whole {
			n.t.Errorf("%s, before step %d: %s names a plugin that is not there", what, step, path)
		}
	}
}

// reset makes the node's files those of a state.
func (n node) reset(state map[string]string) {
	n.t.Helper()
	for _, dir := range []string{n.BinDir, n.ConfDir} {
		if err := os.RemoveAll(dir); err != nil {
			n.t.Fatal(err)
		}
		if err := os.Mkdir(dir, 0o755); err != nil {
			n.t.Fatal(err)
		}
	}
	base := filepath.Dir(n.BinDir)
	for name, file := range state {
		mode, text := os.FileMode(0o640), file[len("-rw-r----- "):]
		if file[3] == 'x' {
			mode = 0o755
		}
		n.write(filepath.Join(base, name), text)
		if err := os.Chmod(filepath.Join(base, name), mode); err != nil {
			n.t.Fatal(err)
		}
	}
}
