// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// leavesTrace tells whether a call that a stopped thread has begun may change
// something outside of its process. What only reads is not asked for: nothing
// can have changed since the call before.
func leavesTrace(tid int, r *unix.PtraceRegs) bool {
	switch r.Orig_rax {
	case unix.SYS_MKDIR, unix.SYS_MKDIRAT, unix.SYS_RMDIR, unix.SYS_RENAME, unix.SYS_RENAMEAT,
		unix.SYS_RENAMEAT2, unix.SYS_UNLINK, unix.SYS_UNLINKAT, unix.SYS_FTRUNCATE, unix.SYS_PWRITE64,
		unix.SYS_EXECVE, unix.SYS_SETSOCKOPT: // legacy iptables replaces a table by setsockopt(2)
		return true
	case unix.SYS_WRITE:
		return r.Rdi > 2 // not to the runtime
	case unix.SYS_OPEN:
		return r.Rsi&unix.O_CREAT != 0
	case unix.SYS_OPENAT:
		return r.Rdx&unix.O_CREAT != 0
	case unix.SYS_SENDTO:
		return !asks(peek(tid, r.Rsi))
	case unix.SYS_SENDMSG: // struct msghdr: name, its length, the first struct iovec
		iov, _ := peek(tid, r.Rsi+16)
		base, ok := peek(tid, iov)
		if !ok {
			return true
		}
		return !asks(peek(tid, base))
	}
	return false
}

// asks tells whether a message begins with a netlink request that only reads,
// by the first words of struct nlmsghdr: rtnetlink's types come in fours, of
// which the third is GET; nftables' in threes, of which the second is.
func asks(header uint64, ok bool) bool {
	typ := uint16(header >> 32)
	const nftables = 10 // NFNL_SUBSYS_NFTABLES
	switch {
	case !ok:
		return false
	case typ>>8 == nftables:
		return typ&0xff%3 == 1
	case typ < 0x100 && typ > unix.RTM_BASE+1:
		return typ&3 == 2
	}
	return false
}

// peek reads a word of a stopped thread.
func peek(tid int, at uint64) (word uint64, ok bool) {
	var b [8]byte
	n, err := unix.PtracePeekData(tid, uintptr(at), b[:])
	return binary.LittleEndian.Uint64(b[:]), err == nil && n == len(b)
}
