// SPDX-License-Identifier: Apache-2.0

package install

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// change is what is to become of one file.
type change struct {
	path     string
	was, now []byte // nil where there is no file
	like     string // a file whose mode and owner it takes; "" for a program's
	anyway   bool   // it is to be written even if it says the same
}

// Changes are files to be changed, in this order. The zero value changes nothing.
type Changes struct {
	list    []change
	confDir string
	onStep  func(Step) error
}

// Empty tells whether all is as it should be.
func (c Changes) Empty() bool { return len(c.list) == 0 }

// Paths are the files that change, in order.
func (c Changes) Paths() []string {
	var paths []string
	for _, ch := range c.list {
		paths = append(paths, ch.path)
	}
	return paths
}

// add appends a change unless there is none.
func (c *Changes) add(ch change) {
	if ch.anyway || differ(ch.was, ch.now) {
		c.list = append(c.list, ch)
	}
}

// ErrChanged says that a file was changed by somebody else since the plan was made.
var ErrChanged = errors.New("was changed meanwhile: plan again")

// Apply carries the changes out, each atomically, and ends at the first error; what was done by then
// is of use, and planning and applying again does the rest. The directory is locked against others
// that install at the same time (flock(2)).
func (c Changes) Apply() error {
	if c.Empty() {
		return nil
	}
	lock, err := os.Open(c.confDir)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		return fmt.Errorf("lock %s: %w", c.confDir, err)
	}
	for _, ch := range c.list {
		if err := c.apply(ch); err != nil {
			return err
		}
	}
	return nil
}

func (c Changes) apply(ch change) error {
	is, err := readIfThere(ch.path)
	if err != nil {
		return err
	}
	if differ(is, ch.was) {
		return fmt.Errorf("%s: %w", ch.path, ErrChanged)
	}
	if ch.now == nil {
		return c.remove(ch.path)
	}
	f := file{path: ch.path, data: ch.now, like: ch.like, step: c.step}
	// The runtime watches this directory only.
	f.notify = filepath.Dir(ch.path) == c.confDir
	return f.replace()
}

func (c Changes) remove(path string) error {
	if err := c.step("remove", path); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func (c Changes) step(verb, path string) error {
	if c.onStep == nil {
		return nil
	}
	return c.onStep(Step{verb, path})
}

// differ tells files apart, of which nil is none.
func differ(a, b []byte) bool { return (a == nil) != (b == nil) || !bytes.Equal(a, b) }

// readIfThere returns nil for a file that is not there, and never for one that is.
func readIfThere(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && data == nil {
		data = []byte{}
	}
	return data, err
}
