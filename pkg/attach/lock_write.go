// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// write puts a new version in the record's place, if that is still the one that
// is locked; otherwise it is ErrGone.
func (l *lock) write(rec Record) error {
	data, err := rec.encode()
	if err != nil {
		return err
	}
	tmp := l.records.ownTmp(l.mark)
	fd, err := draft(tmp, data)
	defer l.records.discard(tmp)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRecord, err)
	}
	if err := l.exchange(fd, tmp); err != nil {
		_ = unix.Close(fd)
		return fmt.Errorf("%v: %w", rec.Identity, err)
	}
	l.release()
	l.fd = fd
	return nil
}

// exchange swaps a draft and the record in one step, which no look beforehand
// could make sure of: where DEL was first, there is nothing to swap with. Where
// ADD was first, its record came out, and goes back.
func (l *lock) exchange(fd int, tmp string) error {
	in, err := idOf(fd)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRecord, err)
	}
	out, err := idOf(l.fd)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRecord, err)
	}
	path := l.records.path(l.mark, recordExt)
	for own := true; ; own = false {
		err := unix.Renameat2(unix.AT_FDCWD, tmp, unix.AT_FDCWD, path, unix.RENAME_EXCHANGE)
		if errors.Is(err, unix.ENOENT) {
			return ErrGone
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrRecord, &os.LinkError{Op: "exchange", Old: tmp, New: path, Err: err})
		}
		came, err := idAt(tmp)
		switch {
		case err != nil: // DEL takes the attachment's files away
			return ErrGone
		case came == out && own:
			return nil
		case came == out:
			return ErrGone
		}
		in, out = came, in
	}
}

// unlink takes the record away, if that is still the one that is locked;
// otherwise it is ErrGone.
func (l *lock) unlink() error {
	path, tmp := l.records.path(l.mark, recordExt), l.records.ownTmp(l.mark)
	fd, err := draft(tmp, nil) // it makes the directory
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRecord, err)
	}
	_ = unix.Close(fd)
	defer l.records.discard(tmp)
	err = unix.Rename(path, tmp)
	if errors.Is(err, unix.ENOENT) {
		return ErrGone
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRecord, &os.LinkError{Op: "rename", Old: path, New: tmp, Err: err})
	}
	if l.at(tmp) {
		return nil
	}
	// ADD's: it goes back, unless the next one's is there, or DEL was.
	_ = unix.Renameat2(unix.AT_FDCWD, tmp, unix.AT_FDCWD, path, unix.RENAME_NOREPLACE)
	return ErrGone
}
