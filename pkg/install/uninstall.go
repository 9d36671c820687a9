// SPDX-License-Identifier: Apache-2.0

package install

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// PlanUninstall says what is to be changed so that no network of the directory names tcni, or
// o.Network does not. What has gone already is no error, and neither is what cannot be cleaned:
// [Changes.Left] tells it, and the executable then stays.
func PlanUninstall(o Options) (Changes, error) {
	c := Changes{o: o, plan: PlanUninstall}
	files, err := networks(o.confDir())
	if err != nil && !errors.Is(err, ErrNoNetwork) {
		return c, err
	}
	kinds := o.installed()
	if err := c.planCleaning(); err != nil {
		return c, err
	}
	for _, path := range files {
		if !c.touches(path) { // an original that is put back takes its list away
			c.left = errors.Join(c.left, c.planRemoval(path, kinds))
		}
	}
	c.left = errors.Join(c.left, o.namedBeside(kinds))
	if o.Purge && c.left == nil { // when nothing names it any more
		return c, c.planPurge(kinds)
	}
	return c, nil
}

// Uninstall plans that and does it, and returns what it did.
func Uninstall(o Options) (Changes, error) { return converge(PlanUninstall, o) }

// planRemoval takes the entry out of one file. The error is why that names the plugin still.
func (c *Changes) planRemoval(path string, kinds []string) error {
	text, err := readIfThere(path)
	if err != nil || text == nil {
		return errors.Join(err, nowhere(path))
	}
	l, err := readList(path, text)
	if err != nil && !named(text, kinds) {
		return nil // whatever it is
	}
	if err != nil {
		return fmt.Errorf("%w, and names %s: mend it and uninstall again", err, strings.Join(kinds, " or "))
	}
	if c.o.Network != "" && l.name != c.o.Network {
		return c.o.spared(path, text, kinds)
	}
	if filepath.Ext(path) != listExt {
		// As it is; what we replaced before may still be there.
		return errors.Join(stillNamed(path, text, kinds), c.planOriginalBack(path))
	}
	without, err := l.withoutAll(kinds)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	left := stillNamed(path, without, kinds)
	if restored, err := c.planRestore(path, text, without); restored || err != nil {
		return errors.Join(left, err)
	}
	return errors.Join(left, c.rewrite(path, text, without))
}

// planRestore puts the original back, if the list says no more than that.
func (c *Changes) planRestore(path string, text, without []byte) (bool, error) {
	single := strings.TrimSuffix(path, listExt)
	original, err := readIfThere(single + OriginalSuffix)
	if err != nil || original == nil {
		return false, err
	}
	if is, err := readIfThere(single); is != nil || err != nil {
		return false, err // it counts
	}
	s, err := parseSingle(original)
	if err != nil || !bytes.Equal(s.list(), without) {
		return false, nil // the list has a life of its own
	}
	c.add(change{path: single, now: original, like: single + OriginalSuffix})
	c.add(change{path: path, was: text})
	c.add(change{path: single + OriginalSuffix, was: original})
	return true, nil
}

// planOriginalBack ends what a crash has left half done, a conversion or its contrary: the single
// plugin's file is there, and it is the one that counts.
func (c *Changes) planOriginalBack(path string) error {
	original, err := readIfThere(path + OriginalSuffix)
	if err != nil || original == nil {
		return err
	}
	list, err := readIfThere(listPath(path))
	if err != nil {
		return err
	}
	c.add(change{path: listPath(path), was: list})
	c.add(change{path: path + OriginalSuffix, was: original})
	return nil
}

// planCleaning removes what a crash has left.
func (c *Changes) planCleaning() error {
	for _, dir := range []string{c.o.confDir(), c.o.binDir()} {
		left, err := filepath.Glob(filepath.Join(dir, ".*"+tempSuffix))
		if err != nil {
			return err
		}
		if err := c.planGone(left...); err != nil {
			return err
		}
	}
	return nil
}

// planPurge removes the executables that an install put there.
func (c *Changes) planPurge(kinds []string) error {
	for _, kind := range kinds {
		path := filepath.Join(c.o.binDir(), kind)
		if size, err := sizeOf(path); err == nil && size >= 0 && !isOurs(path) && !c.o.Force {
			c.left = errors.Join(c.left, fmt.Errorf("%s stays: it is not tcni, which only force removes", path))
		} else if err := c.planGone(path); err != nil {
			return err
		}
	}
	return nil
}

// planGone removes files of any kind.
func (c *Changes) planGone(paths ...string) error {
	for _, path := range paths {
		size, err := sizeOf(path)
		if err != nil {
			return err
		}
		if size >= 0 {
			c.list = append(c.list, change{path: path, program: &program{was: size, now: -1}})
		}
	}
	return nil
}
