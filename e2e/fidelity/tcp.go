// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// send sends the stream's bytes and waits until the receiver has them all.
func (s stream) send(ctx context.Context, l *Link, addr netip.AddrPort) (res streamResult, err error) {
	from, to := l.ends()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute) // of the guest's clock
	defer cancel()
	var listener net.Listener
	if err = to.Do(func() (err error) {
		listener, err = net.Listen("tcp", addr.String())
		return err
	}); err != nil {
		return res, err
	}
	defer listener.Close()
	received := make(chan error, 1)
	go func() { received <- drain(listener, s.bytes) }()
	var conn *net.TCPConn
	if err = from.Do(func() error {
		c, err := net.DialTimeout("tcp", addr.String(), 30*time.Second)
		if err == nil {
			conn = c.(*net.TCPConn)
		}
		return err
	}); err != nil {
		return res, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close(); listener.Close() })()
	begin := time.Now()
	block := make([]byte, 128<<10)
	for left := s.bytes; left > 0 && err == nil; left -= int64(len(block)) {
		_, err = conn.Write(block[:min(left, int64(len(block)))])
	}
	if err = errors.Join(err, <-received, ctx.Err()); err != nil {
		return res, fmt.Errorf("TCP to %s: %w", addr, err)
	}
	res.Elapsed = time.Since(begin)
	res.Sent, err = segmentsSent(conn)
	return res, err
}

// drain takes one connection's bytes. Nothing is under way when it has them.
func drain(l net.Listener, bytes int64) error {
	conn, err := l.Accept()
	if err != nil {
		return err
	}
	if _, err = io.CopyN(io.Discard, conn, bytes); err != nil {
		return errors.Join(err, conn.Close())
	}
	time.Sleep(time.Second) // copies of what has arrived
	return conn.Close()
}

// segmentsSent is the number of wire packets that a connection has sent
// (tcpi_segs_out, since Linux 4.2): it counts every segment of an offloaded one.
func segmentsSent(c *net.TCPConn) (int, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, err
	}
	var info *unix.TCPInfo
	var failed error
	err = raw.Control(func(fd uintptr) {
		info, failed = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
	})
	if err = errors.Join(err, failed); err != nil {
		return 0, fmt.Errorf("TCP_INFO: %w", err)
	}
	return int(info.Segs_out), nil
}
