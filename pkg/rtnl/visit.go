// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// visit opens a socket in the namespace target on the caller's thread, which is
// in the namespace home and may enter it.
//
// A goroutine that keeps its thread to itself (runtime.LockOSThread) would do
// as well, but makes the runtime start two more threads: a tenth of a
// millisecond, in a process that lives for two and a half.
func visit(target, home int) (int, error) {
	fd, errno := visitThread(uintptr(target), uintptr(home))
	if errno != 0 {
		return -1, errno
	}
	return int(fd), nil
}

// visitThread stays on its thread from the first system call to the last. A
// goroutine is moved to another one in three ways only: where a function's
// prologue asks for it, and neither this function nor those that it calls have
// one; by a signal, and all are blocked; and where the runtime is told of a
// system call, which a raw one does not do.
//
// The way back was tried before and needs a few bytes of memory only, so that
// asking once more is right if they are not there.
//
//go:nosplit
//go:norace
func visitThread(target, home uintptr) (fd uintptr, errno syscall.Errno) {
	const maskLen = 8 // bytes of the kernel's sigset_t
	blocked, before := ^uint64(0), uint64(0)
	_, _, errno = syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK,
		uintptr(unsafe.Pointer(&blocked)), uintptr(unsafe.Pointer(&before)), maskLen, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	_, _, errno = syscall.RawSyscall(unix.SYS_SETNS, target, unix.CLONE_NEWNET, 0)
	if errno == 0 {
		fd, _, errno = syscall.RawSyscall(syscall.SYS_SOCKET, socketDomain, socketType, unix.NETLINK_ROUTE)
		for back := ^syscall.Errno(0); back != 0; {
			_, _, back = syscall.RawSyscall(unix.SYS_SETNS, home, unix.CLONE_NEWNET, 0)
		}
	}
	_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK,
		uintptr(unsafe.Pointer(&before)), 0, maskLen, 0, 0)
	return fd, errno
}
