// SPDX-License-Identifier: Apache-2.0

package install

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// planRemoval takes the entry out of the active file.
func (c *Changes) planRemoval(path, kind string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if filepath.Ext(path) != listExt {
		return c.planOriginalBack(path) // as it is; what we replaced before may still be there
	}
	l, err := readList(path, text)
	if err != nil {
		return err
	}
	without, err := l.without(kind)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if restored, err := c.planRestore(path, text, without); restored || err != nil {
		return err
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	c.add(change{path: real, was: text, now: without, like: real})
	return nil
}

// planRestore puts the original back, if the list says no more than that.
func (c *Changes) planRestore(path string, text, without []byte) (bool, error) {
	single := strings.TrimSuffix(path, listExt)
	original, err := readIfThere(single + OriginalSuffix)
	if err != nil || original == nil {
		return false, err
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
func (c *Changes) planCleaning(o Options, binary string) error {
	left, err := filepath.Glob(filepath.Join(o.confDir(), ".*"+tempSuffix))
	if err != nil {
		return err
	}
	return c.planGone(append(left, temp(binary))...)
}

func (c *Changes) planGone(paths ...string) error {
	for _, path := range paths {
		data, err := readIfThere(path)
		if err != nil {
			return err
		}
		c.add(change{path: path, was: data})
	}
	return nil
}
