// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// create makes a file, and its directory: who removes the last file takes that away,
// at any moment. It does without package os: what that opens it also gives to the
// poller, which takes longer than writing the file.
func create(path string, flags int) (fd int, err error) {
	for range createTries {
		fd, err = unix.Open(path, flags, 0o644)
		if !errors.Is(err, unix.ENOENT) {
			break
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
			return -1, err
		}
	}
	if err != nil {
		return -1, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return fd, nil
}

// createTries is far more often than the directory can go away meanwhile.
const createTries = 100

// draft is a file under a name that it is to lose, locked before anybody knows
// of it.
func draft(tmp string, data []byte) (fd int, err error) {
	fd, err = create(tmp, recordFlags)
	if err != nil {
		return -1, err
	}
	if err = unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); err == nil {
		err = writeAll(fd, data)
	}
	if err != nil {
		_ = unix.Close(fd)
		return -1, &fs.PathError{Op: "write", Path: tmp, Err: err}
	}
	return fd, nil
}

// put gives a record its place in one step, locked for as long as fd is open. The
// flags are those of renameat2(2).
func (r Records) put(m Mark, tmp string, data []byte, flags uint) (fd int, err error) {
	fd, err = draft(tmp, data)
	if err != nil {
		return -1, err
	}
	if err := unix.Renameat2(unix.AT_FDCWD, tmp, unix.AT_FDCWD, r.path(m, recordExt), flags); err != nil {
		_ = unix.Close(fd)
		return -1, &fs.PathError{Op: "rename", Path: tmp, Err: err}
	}
	return fd, nil
}

const recordFlags = unix.O_WRONLY | unix.O_CREAT | unix.O_TRUNC | unix.O_CLOEXEC

// fileID is that of a file among all that there are at a time.
type fileID struct{ dev, ino uint64 }

func idAt(path string) (fileID, error) {
	var s unix.Stat_t
	err := unix.Stat(path, &s)
	return fileID{s.Dev, s.Ino}, err
}

func idOf(fd int) (fileID, error) {
	var s unix.Stat_t
	err := unix.Fstat(fd, &s)
	return fileID{s.Dev, s.Ino}, err
}

func writeAll(fd int, data []byte) error {
	for len(data) > 0 {
		n, err := unix.Write(fd, data)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
		data = data[max(n, 0):]
	}
	return nil
}

// readFile is os.ReadFile without the poller (see create).
func readFile(path string) ([]byte, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer func() { _ = unix.Close(fd) }()
	data := make([]byte, 0, recordRoom)
	for {
		n, err := unix.Read(fd, data[len(data):cap(data)])
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return nil, &fs.PathError{Op: "read", Path: path, Err: err}
		case n == 0:
			return data, nil
		}
		data = slices.Grow(data[:len(data)+n], recordRoom)
	}
}

// recordRoom holds most records.
const recordRoom = 1 << 10
