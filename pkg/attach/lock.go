// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
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
// (flock(2)), so that it leaves nothing behind and ends with its holder. Each
// version of the file is locked before it takes its place: ADD's until the kernel
// is brought to it. ADD and DEL do not ask for the lock (settle.go).
type lock struct {
	records Records
	mark    Mark
	fd      int
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
	path := r.path(m, recordExt)
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecord, &fs.PathError{Op: "open", Path: path, Err: err})
	}
	l := &lock{records: r, mark: m, fd: fd}
	err = unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
	if err == nil && l.current() {
		return l, nil
	}
	l.release()
	if err != nil && !errors.Is(err, unix.EWOULDBLOCK) {
		return nil, fmt.Errorf("%w: lock %s: %w", ErrRecord, path, err)
	}
	return nil, ErrBusy // or replaced in between, which is asked for again
}

// current tells whether the file that is locked is still the record.
func (l *lock) current() bool { return l.at(l.records.path(l.mark, recordExt)) }

// at tells whether the file that is locked is the one at a path.
func (l *lock) at(path string) bool {
	own, err := idOf(l.fd)
	if err != nil {
		return false
	}
	there, err := idAt(path)
	return err == nil && own == there
}

func (l *lock) release() { _ = unix.Close(l.fd) }
