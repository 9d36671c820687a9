// SPDX-License-Identifier: Apache-2.0

// Package nstest makes network namespaces for tests.
package nstest

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"tcni.dev/internal/nsid"
)

// New makes a network namespace. It is at path, for this process and its
// children, until it is closed. It needs root.
func New() (path string, closeIt func(), err error) {
	type result struct {
		file *os.File
		err  error
	}
	done := make(chan result)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		var r result
		if r.err = unix.Unshare(unix.CLONE_NEWNET); r.err == nil {
			r.file, r.err = os.Open(nsid.Own)
		}
		done <- r
	}()
	r := <-done
	if r.err != nil {
		return "", nil, fmt.Errorf("new network namespace: %w", r.err)
	}
	return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), r.file.Fd()), func() { r.file.Close() }, nil
}

// Enter locks the goroutine to its thread, and brings that into a namespace: for
// good, since the thread ends with the goroutine.
func Enter(path string) error {
	runtime.LockOSThread()
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer unix.Close(fd)
	if err := unix.Setns(fd, unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
