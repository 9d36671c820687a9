// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"fmt"
	"sync"

	"golang.org/x/sys/unix"
)

const (
	// receiveBuffer holds the answers to a whole chunk of failing messages, a
	// kilobyte of kernel memory each.
	receiveBuffer = 4 << 20
	// readLen is as much as the kernel puts into one datagram of a dump.
	readLen = 32 << 10
)

// Conn is a netlink socket in one network namespace. It may be used by several
// goroutines.
type Conn struct {
	mu  sync.Mutex
	fd  int
	seq uint32
	out buffer
	*room
	sent []origin // of the batch that runs, by sequence number

	qdiscs map[int32][]tcMessage // by device, where Snapshot has read them
}

// Open opens a socket in the network namespace at nsPath, or in the caller's
// own where nsPath is empty. A namespace that cannot be entered is a
// *NamespaceError.
func Open(nsPath string) (*Conn, error) {
	open := socket
	if nsPath != "" {
		open = func() (int, error) { return socketIn(nsPath) }
	}
	fd, err := open()
	if err != nil {
		return nil, err
	}
	if err := prepare(fd); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	return &Conn{fd: fd, room: rooms.Get().(*room)}, nil
}

// room is what a socket's answers are read into.
type room struct {
	in   []byte // a datagram
	kept []byte // the messages of a dump (see list)
}

// rooms are those of sockets that were closed: who looks into a thousand
// namespaces in turn needs a few.
var rooms = sync.Pool{New: func() any { return &room{in: make([]byte, readLen)} }}

// Close closes the socket.
func (c *Conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fd < 0 {
		return nil
	}
	fd := c.fd
	c.fd = -1
	rooms.Put(c.room)
	return unix.Close(fd)
}

const (
	socketDomain = unix.AF_NETLINK
	socketType   = unix.SOCK_RAW | unix.SOCK_CLOEXEC
)

// socket opens a netlink socket in the thread's namespace.
func socket() (int, error) {
	fd, err := unix.Socket(socketDomain, socketType, unix.NETLINK_ROUTE)
	if err != nil {
		return -1, fmt.Errorf("netlink socket: %w", err)
	}
	return fd, nil
}

// prepare sets a socket's options.
func prepare(fd int) error {
	// What the kernel does not know it lacks silently: EXT_ACK and CAP_ACK came
	// with 4.12 and 4.3, strict checking (dumps that obey their filter) with 4.20.
	for _, opt := range [...]int{unix.NETLINK_EXT_ACK, unix.NETLINK_CAP_ACK, unix.NETLINK_GET_STRICT_CHK} {
		_ = unix.SetsockoptInt(fd, unix.SOL_NETLINK, opt, 1)
	}
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, receiveBuffer) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, receiveBuffer)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return fmt.Errorf("netlink bind: %w", err)
	}
	return nil
}
