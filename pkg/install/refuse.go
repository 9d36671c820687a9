// SPDX-License-Identifier: Apache-2.0

package install

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// checkChain refuses what would keep containers from starting, or take from them what they have.
func (o Options) checkChain(l *list, path, kind string) error {
	if err := o.holdsMain(l, path, kind); err != nil {
		return err
	}
	return o.hasNone(l, path, kind)
}

// holdsMain refuses a binary directory that the main plugin is not in: the runtime looks elsewhere,
// and would not find ours. Debian's containerd looks in /usr/lib/cni.
func (o Options) holdsMain(l *list, path, kind string) error {
	for _, p := range l.plugins {
		if p.Type == kind {
			continue
		}
		// A link may lead to where a DaemonSet's container sees nothing.
		if _, err := os.Lstat(filepath.Join(o.binDir(), p.Type)); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				err = errors.New("name the directory where the runtime looks for plugins (--bin-dir)")
			}
			return fmt.Errorf("%s: plugin %s is not in %s: %w", path, p.Type, o.binDir(), err)
		}
		return nil
	}
	return nil
}

// hasNone refuses a list that has the plugin under another name, such as that of the reference
// bandwidth plugin: a second entry would take the place of all that the first one gives.
func (o Options) hasNone(l *list, path, kind string) error {
	for _, p := range l.plugins {
		if p.Type != kind && (p.Type == entryType || isOurs(filepath.Join(o.binDir(), p.Type))) {
			return fmt.Errorf("%s: plugin %s is tcni under another name: one entry is enough, give it the capabilities that it lacks", path, p.Type)
		}
	}
	return nil
}
