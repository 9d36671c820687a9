// SPDX-License-Identifier: Apache-2.0

package install

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// file is a file to be written in whole: a text, or a copy of an executable.
type file struct {
	path string
	data []byte
	like string // takes this file's mode and owner
	from string // the executable, which is to be our own; "" of a text
	step func(verb, path string) error
	// still is asked at the last moment whether the path is what it was: the disk may have been
	// slow.
	still func() error
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
		_ = os.Remove(temp(f.path)) // the next that installs may
		return err
	}
	if err := f.step("rename", f.path); err != nil {
		return err
	}
	err := f.still()
	if err == nil {
		err = os.Rename(temp(f.path), f.path)
	}
	if err != nil {
		_ = os.Remove(temp(f.path))
		return err
	}
	return syncDir(filepath.Dir(f.path))
}

func (f file) write() error {
	mode, uid, gid := os.FileMode(0o755), -1, -1
	var from io.Reader = bytes.NewReader(f.data)
	if f.from != "" {
		source, err := os.Open(f.from)
		if err != nil {
			return err
		}
		defer source.Close()
		from = source
	} else {
		info, err := os.Stat(f.like)
		if err != nil {
			return err
		}
		mode = info.Mode().Perm()
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			uid, gid = int(st.Uid), int(st.Gid)
		}
	}
	w, err := createTemp(f.path)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := io.Copy(w, from); err != nil {
		return err
	}
	if err := w.Chown(uid, gid); err != nil { // -1 is as it is
		return fmt.Errorf("keep the owner of %s: %w", f.path, err)
	}
	if err := w.Chmod(mode); err != nil { // after chown, which takes bits away
		return err
	}
	if err := w.Sync(); err != nil {
		return err
	}
	return w.Close()
}

// createTemp makes a file of its own: what a crash left there may be a link to another.
func createTemp(path string) (*os.File, error) {
	const flags = os.O_CREATE | os.O_EXCL | os.O_WRONLY
	f, err := os.OpenFile(temp(path), flags, 0o600)
	if errors.Is(err, fs.ErrExist) {
		if err := os.Remove(temp(path)); err != nil {
			return nil, err
		}
		return os.OpenFile(temp(path), flags, 0o600)
	}
	return f, err
}

// notify makes a file beside a path and removes it. containerd's watch passes over files that are
// created in its directory or renamed into it, and reads all anew at a removal (internal/cri,
// cniNetConfSyncer); CRI-O's (ocicni, monitorConfDir) reads all at a creation. For the path itself a
// rename away from the temporary name does the same, so that a crash before this is no harm; where
// the path is a link to another directory, only this tells.
func notify(path string) error {
	f, err := createTemp(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(temp(path)))
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
