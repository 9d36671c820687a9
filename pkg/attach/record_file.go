// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"io/fs"
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// put does without package os: what that opens it also gives to the poller,
// which takes longer than writing the file.
func (r Records) put(m Mark, data []byte) error {
	tmp := r.path(m, tmpExt)
	fd, err := unix.Open(tmp, recordFlags, 0o644)
	if errors.Is(err, unix.ENOENT) { // the first record, or another's last DEL took the directory away
		if err = os.MkdirAll(r.Dir, 0o755); err == nil {
			fd, err = unix.Open(tmp, recordFlags, 0o644)
		}
	}
	if err != nil {
		return &fs.PathError{Op: "open", Path: tmp, Err: err}
	}
	if err := errors.Join(writeAll(fd, data), unix.Close(fd)); err != nil {
		return &fs.PathError{Op: "write", Path: tmp, Err: err}
	}
	if err := unix.Rename(tmp, r.path(m, recordExt)); err != nil {
		return &fs.PathError{Op: "rename", Path: tmp, Err: err}
	}
	return nil
}

const recordFlags = unix.O_WRONLY | unix.O_CREAT | unix.O_TRUNC | unix.O_CLOEXEC

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

// readFile is os.ReadFile without the poller (see put).
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
