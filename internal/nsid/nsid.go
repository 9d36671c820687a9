// SPDX-License-Identifier: Apache-2.0

// Package nsid tells network namespaces from one another.
package nsid

import "golang.org/x/sys/unix"

// Own is the path of the namespace that the calling thread is in.
const Own = "/proc/thread-self/ns/net"

// ID is that of one namespace among all that there are at a time.
type ID struct{ dev, inode uint64 }

// At returns the namespace that a path leads to. The error is an errno.
func At(path string) (ID, error) {
	var s unix.Stat_t
	err := unix.Stat(path, &s)
	return ID{s.Dev, s.Ino}, err
}

// IsOwn tells whether a path leads to the calling thread's namespace. The error
// is an errno: ENOENT where it leads nowhere.
func IsOwn(path string) (bool, error) {
	its, err := At(path)
	if err != nil {
		return false, err
	}
	own, err := At(Own)
	return err == nil && own == its, err
}
