// SPDX-License-Identifier: Apache-2.0

package install

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Plan says what is to be changed so that tcni is in the chain. It reads only. With nothing to do
// the changes are empty. The error is [ErrNoNetwork] as long as there is no main plugin.
func Plan(o Options) (Changes, error) {
	c := Changes{confDir: o.confDir(), onStep: o.OnStep}
	kind, err := o.kind()
	if err != nil {
		return c, err
	}
	path, err := o.active()
	if err != nil {
		return c, err
	}
	// What names the executable comes after it.
	if err := c.planBinary(o, kind); err != nil {
		return c, err
	}
	return c, c.planEntry(o, path, kind)
}

func (c *Changes) planBinary(o Options, kind string) error {
	source, err := o.source()
	if err != nil {
		return err
	}
	program, err := os.ReadFile(source)
	if err != nil {
		return fmt.Errorf("plugin to install: %w", err)
	}
	if len(program) == 0 {
		return fmt.Errorf("plugin to install: %s is empty", source)
	}
	to := filepath.Join(o.binDir(), kind)
	is, err := readIfThere(to)
	if err != nil {
		return err
	}
	info, err := os.Stat(to)
	c.add(change{path: to, was: is, now: program, anyway: err == nil && info.Mode()&0o111 != 0o111})
	return nil
}

// planEntry changes the active file.
func (c *Changes) planEntry(o Options, path, kind string) error {
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
	if err := o.checkChain(l, path, kind); err != nil {
		return err
	}
	with, err := l.with(kind, o)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if filepath.Ext(path) == listExt {
		real, err := filepath.EvalSymlinks(path)
		if err != nil {
			return err
		}
		c.add(change{path: real, was: text, now: with, like: real})
		return nil
	}
	return c.planConversion(path, text, with)
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

// PlanUninstall says what is to be changed so that tcni is no longer in the chain. What has gone
// already is no error.
func PlanUninstall(o Options) (Changes, error) {
	c := Changes{confDir: o.confDir(), onStep: o.OnStep}
	kind, err := o.kind()
	if err != nil {
		return c, err
	}
	binary := filepath.Join(o.binDir(), kind)
	if err := c.planCleaning(o, binary); err != nil {
		return c, err
	}
	path, err := o.active()
	if err == nil {
		err = c.planRemoval(path, kind)
	}
	if err != nil && !errors.Is(err, ErrNoNetwork) {
		return c, err
	}
	if o.Purge { // when nothing names it any more
		return c, c.planGone(binary)
	}
	return c, nil
}

// Uninstall plans that and does it.
func Uninstall(o Options) error {
	c, err := PlanUninstall(o)
	if err != nil {
		return err
	}
	return c.Apply()
}
