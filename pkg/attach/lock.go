// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

var (
	// ErrBusy says that another command holds the attachment.
	ErrBusy = errors.New("another tcnictl holds it")
	// ErrGone says that the attachment was removed, or added anew.
	ErrGone = errors.New("the attachment has gone, or was added anew")
)

// lock holds a record for one command. The lock is the record's file itself
// (flock(2)), so that it leaves nothing behind and ends with its holder; ADD
// and DEL do not ask for it. Each version of the file is locked before it takes
// its place.
type lock struct {
	records Records
	mark    Mark
	file    *os.File
}

// lockPoll is how often a lock that others hold is asked for.
const lockPoll = 5 * time.Millisecond

// lock waits for the record until the context ends.
func (r Records) lock(ctx context.Context, m Mark) (*lock, error) {
	for {
		l, err := r.tryLock(m)
		if !errors.Is(err, ErrBusy) {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(lockPoll):
		}
	}
}

func (r Records) tryLock(m Mark) (*lock, error) {
	f, err := os.Open(r.path(m, recordExt))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	l := &lock{records: r, mark: m, file: f}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil && l.current() {
		return l, nil
	}
	f.Close()
	if err != nil && !errors.Is(err, unix.EWOULDBLOCK) {
		return nil, fmt.Errorf("%w: lock %s: %w", ErrRecord, f.Name(), err)
	}
	return nil, ErrBusy // or replaced in between, which is asked for again
}

// current tells whether the file that is locked is still the record.
func (l *lock) current() bool {
	own, err := l.file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(l.records.path(l.mark, recordExt))
	return err == nil && os.SameFile(own, there)
}

// write puts a new version in the record's place. It does not bring back what
// DEL has removed.
func (l *lock) write(rec Record) error {
	if !l.current() {
		return fmt.Errorf("%v: %w", rec.Identity, ErrGone)
	}
	data, err := rec.encode()
	if err != nil {
		return err
	}
	tmp := l.records.path(l.mark, tmpExt)
	f, err := os.OpenFile(tmp, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%v: %w", rec.Identity, ErrGone) // the directory went with the last record
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRecord, err)
	}
	if err = unix.Flock(int(f.Fd()), unix.LOCK_EX); err == nil {
		if _, err = f.Write(data); err == nil {
			err = os.Rename(tmp, l.records.path(l.mark, recordExt))
		}
	}
	if err != nil {
		f.Close()
		return fmt.Errorf("%w: %w", ErrRecord, err)
	}
	l.file.Close()
	l.file = f
	return nil
}

func (l *lock) release() { l.file.Close() }
