// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// keeperExt is of a session's files, one for each override that ends by itself. Who is to end it, the player or the process that waits for its time, has
// the file open and locked (flock(2)): the lock tells that it lives, in whatever
// PID namespace, and ends with it. The file is there before the override is in the
// record, and goes after it.
const keeperExt = ".keeper"

func (r Records) keeperPath(m Mark, id string) string {
	return filepath.Join(r.path(m, workExt), id+keeperExt)
}

// keeper is such a file, open.
type keeper struct {
	id   string // the override's
	path string
	file *os.File
	line []byte // what it tells (stageLine)
}

func (l *lock) newKeeper() (*keeper, error) {
	id := rand.Text()
	path := l.records.keeperPath(l.mark, id)
	fd, err := create(path, recordFlags|unix.O_EXCL)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	k := &keeper{id: id, path: path, file: os.NewFile(uintptr(fd), path)}
	if err := unix.Flock(fd, unix.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: lock %s: %w", ErrRecord, path, err), k.file.Close())
	}
	return k, nil
}

// Keeper returns the file of the override that will be pushed next. Who has it
// open, this process or one that was given it, is taken for the override's keeper:
// as long as somebody has, it is not deserted. The file stays the session's.
func (s *Session) Keeper() (*os.File, error) {
	if s.next == nil {
		var err error
		if s.next, err = s.lock.newKeeper(); err != nil {
			return nil, err
		}
	}
	return s.next.file, nil
}

// closeKeepers lets go of the files, and takes those away that are of nothing.
func (s *Session) closeKeepers() {
	keepers := s.keepers
	if s.next != nil {
		keepers = append(keepers, s.next)
	}
	for _, k := range keepers {
		_ = k.file.Close()
		if !s.lock.current() || !slices.ContainsFunc(s.rec.Overrides(), func(o *Override) bool { return o.ID == k.id }) {
			s.lock.records.discard(k.path)
		}
	}
}

// removeKeepers takes the files away of overrides that were recorded before.
func (s *Session) removeKeepers(before Record) {
	for _, o := range before.Overrides() {
		if o.ends() && !among(s.rec.Overrides())(o) {
			s.lock.records.discard(s.lock.records.keeperPath(s.lock.mark, o.ID))
		}
	}
}

// kept tells whether somebody will end an override. Where that cannot be asked,
// somebody may.
func (r Records) kept(m Mark, o *Override) bool {
	fd, err := unix.Open(r.keeperPath(m, o.ID), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return !errors.Is(err, unix.ENOENT)
	}
	defer func() { _ = unix.Close(fd) }()
	return unix.Flock(fd, unix.LOCK_SH|unix.LOCK_NB) != nil // others may ask at the same time
}

// deserted lists the overrides that were to end by themselves and that nobody is
// left to end: their keepers were killed. The record must be locked, or else read
// again for those that were ended meanwhile.
func (r Records) deserted(rec Record) (out []*Override) {
	for _, o := range rec.Overrides() {
		if o.ends() && !r.kept(rec.Mark(), o) {
			out = append(out, o)
		}
	}
	return out
}

// deserted lists the overrides that nobody is left to end.
func (k Known) deserted() []*Override {
	if len(k.from.deserted(k.Record)) == 0 {
		return nil
	}
	rec, err := k.from.Read(k.Mark)
	if err != nil {
		return nil
	}
	return k.from.deserted(rec)
}

// Live is the record without the overrides that nobody is left to end, as a
// session has it.
func (k Known) Live() Record { return k.Record.without(among(k.deserted())) }

// among tells whether an override is one of those listed, by its ID.
func among(list []*Override) func(*Override) bool {
	return func(o *Override) bool {
		return slices.ContainsFunc(list, func(other *Override) bool { return other.ID == o.ID })
	}
}
