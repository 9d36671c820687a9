// SPDX-License-Identifier: Apache-2.0

package install

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Plan says what is to be changed so that tcni is in the chain. It reads only. With nothing to do
// the changes are empty. The error is [ErrNoNetwork] as long as there is no main plugin.
func Plan(o Options) (Changes, error) {
	c := Changes{o: o, plan: Plan}
	kind, err := o.kind()
	if err != nil {
		return c, err
	}
	path, err := o.active()
	if err != nil {
		return c, err
	}
	// What names the executable comes after it.
	if err := c.planBinary(kind); err != nil {
		return c, err
	}
	return c, c.planEntry(path, kind)
}

// Install plans that and does it, and returns what it did.
func Install(o Options) (Changes, error) { return converge(Plan, o) }

// converge plans and applies, again if somebody changed a file in between, or took one away that was
// just found.
func converge(plan func(Options) (Changes, error), o Options) (Changes, error) {
	for try := 0; ; try++ {
		c, err := plan(o)
		if err != nil {
			c = Changes{}
		} else {
			err = c.Apply()
		}
		if try == 3 || !errors.Is(err, ErrChanged) && !errors.Is(err, fs.ErrNotExist) {
			return c, err
		}
	}
}

// planEntry changes the active file.
func (c *Changes) planEntry(path, kind string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	l, err := readList(path, text)
	if err != nil {
		return err
	}
	if err := l.chains(path); err != nil {
		return err
	}
	if l.plugins[0].Type == kind && len(l.plugins) == 1 {
		return fmt.Errorf("%s: %s is the main plugin of it: nothing to put it behind", path, kind)
	}
	if err := c.o.checkChain(l, path, kind); err != nil {
		return err
	}
	if err := c.o.checkEntry(l); err != nil {
		return err
	}
	with, err := l.with(kind, c.o)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if filepath.Ext(path) == listExt {
		return c.rewrite(path, text, with)
	}
	return c.planConversion(path, text, with)
}

// rewrite changes a list where it is: what a link stands for, not the link.
func (c *Changes) rewrite(path string, text, now []byte) error {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	c.add(change{path: real, was: text, now: now, like: real})
	return nil
}

// planConversion replaces a single plugin's file by a list, which is there before the file goes:
// the runtime never finds neither.
func (c *Changes) planConversion(path string, text, with []byte) error {
	original, err := readIfThere(path + OriginalSuffix)
	if err != nil {
		return err
	}
	old, err := readIfThere(listPath(path))
	if err != nil {
		return err
	}
	if old != nil && original == nil {
		return fmt.Errorf("%s: in the way of the list to be made of %s", listPath(path), filepath.Base(path))
	}
	c.add(change{path: path + OriginalSuffix, was: original, now: text, like: path})
	c.add(change{path: listPath(path), was: old, now: with, like: path})
	c.add(change{path: path, was: text})
	return nil
}
