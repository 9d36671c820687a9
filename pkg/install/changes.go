// SPDX-License-Identifier: Apache-2.0

package install

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
)

// change is what is to become of one file: a text, unless a program is given.
type change struct {
	path     string
	was, now []byte // nil where there is no file
	like     string // a file whose mode and owner the text takes
	program  *program
}

// Changes are files to be changed, in this order. The zero value changes nothing.
type Changes struct {
	list []change
	left error
	o    Options
	plan func(Options) (Changes, error) // made it
}

// Empty tells whether there is nothing to do.
func (c Changes) Empty() bool { return len(c.list) == 0 }

// Left says which files name the plugin still when all is done, and why; nil if none does. A plan
// to uninstall then leaves the executable.
func (c Changes) Left() error { return c.left }

// Paths are the files that change, in order.
func (c Changes) Paths() []string {
	var paths []string
	for _, ch := range c.list {
		paths = append(paths, ch.path)
	}
	return paths
}

// add appends a change of a text unless there is none.
func (c *Changes) add(ch change) {
	if differ(ch.was, ch.now) {
		c.list = append(c.list, ch)
	}
}

// touches tells whether a file is one of those that change.
func (c *Changes) touches(path string) bool { return slices.Contains(c.Paths(), path) }

// ErrChanged says that a file was changed by somebody else since the plan was made.
var ErrChanged = errors.New("was changed meanwhile: plan again")

// Apply carries the changes out, each atomically, and ends at the first error; what was done by then
// is of use, and planning and applying again does the rest. Others that install at the same time
// are kept out, and what they did since the plan was made is [ErrChanged].
func (c Changes) Apply() error {
	if c.Empty() {
		return nil
	}
	unlock, err := lockDirs(patience, c.o.confDir(), c.o.binDir())
	if err != nil {
		return err
	}
	defer unlock()
	// Also what does not change here was looked at: that an executable is there, or that nobody
	// names it any more.
	now, err := c.plan(c.o)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(now.list, c.list) {
		return fmt.Errorf("%s or %s: %w", c.o.confDir(), c.o.binDir(), ErrChanged)
	}
	for _, ch := range c.list {
		if err := c.apply(ch); err != nil {
			return err
		}
	}
	return nil
}

func (c Changes) apply(ch change) error {
	if ch.program != nil && ch.program.from == "" || ch.program == nil && ch.now == nil {
		return c.remove(ch)
	}
	f := file{path: ch.path, data: ch.now, like: ch.like, step: c.step, still: ch.still}
	if ch.program != nil {
		f.from = ch.program.from
		return f.replace()
	}
	if err := f.replace(); err != nil {
		return err
	}
	if err := c.step("notify", ch.path); err != nil {
		return err
	}
	return notify(filepath.Join(c.o.confDir(), filepath.Base(ch.path)))
}

// still refuses a text that the main plugin, which knows of no lock, has written anew.
func (ch change) still() error {
	if ch.program != nil {
		return nil
	}
	is, err := readIfThere(ch.path)
	if err == nil && differ(is, ch.was) {
		err = fmt.Errorf("%s: %w", ch.path, ErrChanged)
	}
	return err
}

func (c Changes) remove(ch change) error {
	if err := c.step("remove", ch.path); err != nil {
		return err
	}
	if err := ch.still(); err != nil {
		return err
	}
	if err := os.Remove(ch.path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(ch.path))
}

func (c Changes) step(verb, path string) error {
	if c.o.OnStep == nil {
		return nil
	}
	return c.o.OnStep(Step{verb, path})
}
