// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// NS is a set of namespaces that code and programs can run in: always a network namespace, and
// the mount namespace that goes with it. It stays usable until its lab is closed.
type NS struct {
	// Name is the lab's word for it: "node", a container's or a world's name.
	Name string
	// Path is where a container is mounted in the node, as in CNI_NETNS; empty for others.
	Path string

	files []nsFile
	root  *os.File // root directory in the mount namespace
}

type nsFile struct {
	f    *os.File
	kind int // unix.CLONE_NEW*
}

// errVanished is what Do reports when fn ended its goroutine (as testing's FailNow does).
var errVanished = errors.New("function ended its goroutine")

// onThread runs fn on an operating system thread that is thrown away afterwards, so that fn may
// change the thread's namespaces, and waits for it.
func onThread(fn func() error) error {
	done := make(chan error, 1)
	go func() {
		err := errVanished
		defer func() { done <- err }()
		// Never unlocked: the runtime ends a locked thread together with its goroutine.
		runtime.LockOSThread()
		// The root and working directories must not be shared with other threads for setns(2)
		// to enter a mount namespace.
		if err = unix.Unshare(unix.CLONE_FS); err != nil {
			err = fmt.Errorf("unshare file system attributes: %w", err)
			return
		}
		err = errVanished
		err = fn()
	}()
	return <-done
}

// Do calls fn on a thread inside the namespaces. Sockets that fn opens and processes that it
// starts stay there; goroutines that it starts do not. The working directory is /. Calls may run
// at the same time, and nest.
func (n *NS) Do(fn func() error) error {
	return onThread(func() error {
		if err := n.enter(); err != nil {
			return err
		}
		return fn()
	})
}

func (n *NS) enter() error {
	for _, ns := range n.files {
		if err := unix.Setns(int(ns.f.Fd()), ns.kind); err != nil {
			return fmt.Errorf("enter namespace %s: %w", n.Name, err)
		}
	}
	if n.root == nil {
		return nil
	}
	// setns(2) leaves us in the topmost root, which differs from ours inside a chroot.
	if err := unix.Fchdir(int(n.root.Fd())); err != nil {
		return fmt.Errorf("enter namespace %s: root directory: %w", n.Name, err)
	}
	if err := unix.Chroot("."); err != nil {
		return fmt.Errorf("enter namespace %s: chroot: %w", n.Name, err)
	}
	return nil
}

// withNet is n with another network namespace.
func (n *NS) withNet(name, path string, net *os.File) *NS {
	other := &NS{Name: name, Path: path, root: n.root}
	for _, ns := range n.files {
		if ns.kind != unix.CLONE_NEWNET {
			other.files = append(other.files, ns)
		}
	}
	other.files = append(other.files, nsFile{net, unix.CLONE_NEWNET})
	return other
}

// Close lets go of the network namespace. One that nothing else holds is destroyed by the kernel,
// with its links, some milliseconds later.
func (n *NS) Close() error {
	for _, ns := range n.files {
		if ns.kind == unix.CLONE_NEWNET {
			return ns.f.Close()
		}
	}
	return nil
}

// netFD is the network namespace's file, for netlink.
func (n *NS) netFD() int {
	for _, ns := range n.files {
		if ns.kind == unix.CLONE_NEWNET {
			return int(ns.f.Fd())
		}
	}
	return -1
}
