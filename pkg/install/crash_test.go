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
				testCrashes(n, "install", hard, before, installed, planned)
				n.install()
				testCrashes(n, "uninstall", hard, installed, before, Uninstall)
			})
		}
	}
}

func planned(o Options) error {
	c, err := Plan(o)
	if err != nil {
		return err
	}
	return c.Apply()
}

// testCrashes does what leads from one state to another, and breaks it off before each step.
func testCrashes(n node, what string, hard bool, from, to map[string]string, do func(Options) error) {
	n.t.Helper()
	for steps := 1; ; steps++ {
		n.reset(from)
		if !n.breakOff(steps, hard, do) {
			n.t.Logf("%s has %d steps", what, steps-1)
			n.is(to, what)
			return
		}
		n.readable(what, steps)
		if err := do(n.Options); err != nil {
			n.t.Errorf("%s after a crash before step %d: %v", what, steps, err)
		}
		n.is(to, fmt.Sprintf("%s after a crash before step %d", what, steps))
	}
}

// breakOff reports whether there was a step of that number.
func (n node) breakOff(step int, hard bool, do func(Options) error) (broken bool) {
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
	if err := do(o); (err != nil) != broken {
		n.t.Errorf("step %d: error is %v", step, err)
	}
	return broken
}

// readable fails unless a runtime finds a network, whose plugins are all there and whole.
func (n node) readable(what string, step int) {
	n.t.Helper()
	path, err := n.active()
	if err != nil {
		n.t.Fatalf("%s, before step %d: %v", what, step, err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		n.t.Fatal(err)
	}
	l, err := readList(path, text)
	if err != nil {
		n.t.Fatalf("%s, before step %d: %v", what, step, err)
	}
	is, err := os.ReadFile(filepath.Join(n.BinDir, "tcni"))
	if l.find("tcni") >= 0 && (err != nil || string(is) != program) {
		n.t.Errorf("%s, before step %d: the list names a plugin that is not there: %v", what, step, err)
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
