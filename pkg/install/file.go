// SPDX-License-Identifier: Apache-2.0

package install

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// file is a file to be written in whole.
type file struct {
	path   string
	data   []byte
	like   string // takes this file's mode and owner; "" makes it an executable of our own
	notify bool
	step   func(verb, path string) error
}

// tempSuffix ends the name of a file that is not whole yet: no runtime reads it, and the next that
// installs writes over it.
const tempSuffix = ".tcni-tmp"

func temp(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+tempSuffix)
}

// replace puts the file there at once: whoever opens the path gets the old file or the new one, also
// after a power failure.
func (f file) replace() error {
	if err := f.step("write", temp(f.path)); err != nil {
		return err
	}
	if err := f.write(); err != nil {
		return errors.Join(err, os.Remove(temp(f.path)))
	}
	if err := f.step("rename", f.path); err != nil {
		return err
	}
	if err := os.Rename(temp(f.path), f.path); err != nil {
		return errors.Join(err, os.Remove(temp(f.path)))
	}
	if err := syncDir(filepath.Dir(f.path)); err != nil || !f.notify {
		return err
	}
	if err := f.step("notify", f.path); err != nil {
		return err
	}
	return notify(f.path)
}

func (f file) write() error {
	mode, uid, gid := os.FileMode(0o755), -1, -1
	if f.like != "" {
		info, err := os.Stat(f.like)
		if err != nil {
			return err
		}
		mode = info.Mode().Perm()
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			uid, gid = int(st.Uid), int(st.Gid)
		}
	}
	w, err := os.OpenFile(temp(f.path), os.O_CREATE|os.O_TRUNC|os.O_WRONLY|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(f.data); err != nil {
		return err
	}
	if err := w.Chown(uid, gid); err != nil { // -1 is as it is
		return err
	}
	if err := w.Chmod(mode); err != nil { // after chown, which takes bits away
		return err
	}
	if err := w.Sync(); err != nil {
		return err
	}
	return w.Close()
}

// notify writes the last byte of a file once more. containerd's watch passes over files that are
// created in the directory or renamed into it, and reads all anew at a write (internal/cri,
// cniNetConfSyncer). It does so, too, when the file with the temporary name is renamed away: a crash
// before this step is thus no harm.
func notify(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, info.Size()-1); err != nil {
		return err
	}
	if _, err := f.WriteAt(last, info.Size()-1); err != nil {
		return err
	}
	return f.Close()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) { // not on every file system
		return fmt.Errorf("sync: %w", err)
	}
	return nil
}
