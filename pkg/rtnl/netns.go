// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"

	"tcni.dev/internal/nsid"
)

// NamespaceError says that a network namespace could not be entered. Err is the
// cause, an errno: ENOENT when the container has gone.
type NamespaceError struct {
	Path string
	Err  error
}

// Error reads "netns PATH: CAUSE".
func (e *NamespaceError) Error() string { return fmt.Sprintf("netns %s: %v", e.Path, e.Err) }

// Unwrap returns the cause.
func (e *NamespaceError) Unwrap() error { return e.Err }

// socketIn opens a netlink socket in the namespace at path. Only a thread can
// enter a namespace, and the caller's has to be back where it was before any
// other code can run on it (visit). A thread that may go but not come back, as
// that of a process in a user namespace that has no network namespace of its
// own, is one to be thrown away (visitByThread).
func socketIn(path string) (int, error) {
	target, err := openNamespace(path)
	if err != nil {
		return -1, &NamespaceError{Path: path, Err: err}
	}
	defer func() { _ = unix.Close(target) }()
	home, err := openNamespace(nsid.Own)
	if err != nil {
		return -1, fmt.Errorf("own netns: %w", err)
	}
	defer func() { _ = unix.Close(home) }()
	open := visit
	if unix.Setns(home, unix.CLONE_NEWNET) != nil {
		open = visitByThread
	}
	fd, err := open(target, home)
	if errors.Is(err, unix.EINVAL) {
		err = fmt.Errorf("not a network namespace: %w", err)
	}
	if err != nil {
		return -1, &NamespaceError{Path: path, Err: err}
	}
	return fd, nil
}

// visitByThread opens a socket in the namespace target by a thread of its own.
// Should that not find its way back, the goroutine ends without letting go of
// it and Go's runtime ends the thread.
func visitByThread(target, _ int) (fd int, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		home, own := openNamespace(nsid.Own) // this thread's
		if own != nil {
			fd, err = -1, own
			return
		}
		defer func() { _ = unix.Close(home) }()
		if fd, err = -1, unix.Setns(target, unix.CLONE_NEWNET); err == nil {
			fd, err = unix.Socket(socketDomain, socketType, unix.NETLINK_ROUTE)
		}
		// A socket that is open is good, even where the thread is not.
		if unix.Setns(home, unix.CLONE_NEWNET) == nil {
			runtime.UnlockOSThread()
		}
	}()
	<-done
	return fd, err
}

// openNamespace does not wait, whatever kind of file path turns out to be.
func openNamespace(path string) (int, error) {
	return unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
}
