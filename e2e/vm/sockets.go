// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"fmt"
	"io"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// socketPairs makes n connected pairs: one end for us, one for qemu. What it
// returns is to be closed, after an error too.
func socketPairs(n int) (near []*net.UnixConn, far []*os.File, err error) {
	for range n {
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return near, far, fmt.Errorf("socketpair: %w", err)
		}
		far = append(far, os.NewFile(uintptr(fds[1]), "qemu's end"))
		conn, err := fileConn(os.NewFile(uintptr(fds[0]), "our end"))
		if err != nil {
			return near, far, err
		}
		near = append(near, conn)
	}
	return near, far, nil
}

// fileConn turns a socket into a connection and closes the file.
func fileConn(f *os.File) (*net.UnixConn, error) {
	defer f.Close()
	conn, err := net.FileConn(f)
	if err != nil {
		return nil, fmt.Errorf("socketpair: %w", err)
	}
	return conn.(*net.UnixConn), nil
}

func closeAll[T io.Closer](all []T) {
	for _, c := range all {
		c.Close()
	}
}
