// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Has tells whether an attachment has a record.
func (r Records) Has(m Mark) bool {
	_, err := idAt(r.path(m, recordExt))
	return err == nil
}

// Remove takes the attachment's files away, and the directory with the last of
// them; what is not there is no error. The record goes first: whoever makes
// another file looks afterwards whether the record is there.
func (r Records) Remove(m Mark) error {
	for _, ext := range []string{recordExt, tmpExt} {
		if err := os.Remove(r.path(m, ext)); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, unix.ENOTDIR) {
			return fmt.Errorf("%w: %w", ErrRecord, err)
		}
	}
	// A session that makes a file meanwhile takes it away by itself.
	if err := os.RemoveAll(r.path(m, workExt)); err != nil && !errors.Is(err, unix.ENOTEMPTY) && !errors.Is(err, unix.ENOTDIR) {
		return fmt.Errorf("%w: %w", ErrRecord, err)
	}
	_ = unix.Rmdir(r.Dir) // fails, as it should, while another attachment's record is there
	return nil
}

// discard takes a session's file away, and the directories that it is the last in.
func (r Records) discard(path string) {
	_ = os.Remove(path)
	_ = unix.Rmdir(filepath.Dir(path))
	_ = unix.Rmdir(r.Dir)
}

// Marks returns the marks that the directory's files have, records and what
// killed commands left.
func (r Records) Marks() ([]Mark, error) {
	entries, err := os.ReadDir(r.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	var marks []Mark
	for _, e := range entries {
		if m, ok := markOf(e.Name()); ok {
			marks = append(marks, m)
		}
	}
	return marks, nil
}
