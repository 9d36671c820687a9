// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

func connectTCP(ctx context.Context, client, server Namespace, addr netip.AddrPort, opt GoodputOptions) (c, s *net.TCPConn, err error) {
	options := dscpOptions(addr.Addr(), opt.DSCP)
	network := ipNetwork("tcp", addr.Addr())
	l, err := open(server, func() (net.Listener, error) {
		lc := net.ListenConfig{Control: control(options)}
		lc.SetMultipathTCP(false) // Go's default for listeners, and not what is measured
		return lc.Listen(ctx, network, addr.String())
	})
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	defer context.AfterFunc(ctx, func() { l.Close() })()
	accepted := make(chan error, 1)
	go func() {
		conn, err := l.Accept()
		if err == nil {
			s = conn.(*net.TCPConn)
		}
		accepted <- err
	}()
	conn, err := open(client, func() (net.Conn, error) {
		d := net.Dialer{Control: control(options), Timeout: 10 * time.Second}
		d.SetMultipathTCP(false)
		return d.DialContext(ctx, network, l.Addr().String())
	})
	if err != nil {
		l.Close()
		if <-accepted == nil {
			s.Close()
		}
		return nil, nil, err
	}
	c = conn.(*net.TCPConn)
	if err := <-accepted; err != nil {
		c.Close()
		return nil, nil, err
	}
	return c, s, errors.Join(setCongestion(c, opt.Congestion), setCongestion(s, opt.Congestion))
}

func setCongestion(c *net.TCPConn, name string) error {
	if name == "" {
		return nil
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptString(int(fd), unix.IPPROTO_TCP, unix.TCP_CONGESTION, name)
	})
	if failed != nil {
		failed = fmt.Errorf("congestion control %s: %w", name, failed)
	}
	return errors.Join(err, failed)
}

func (r *GoodputResult) readInfo(c *net.TCPConn) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var info *unix.TCPInfo
	var failed error
	err = raw.Control(func(fd uintptr) {
		info, failed = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
	})
	if err = errors.Join(err, failed); err != nil {
		return fmt.Errorf("TCP_INFO: %w", err)
	}
	r.Retransmits, r.MSS = int(info.Total_retrans), int(info.Snd_mss)
	r.RTT = time.Duration(info.Rtt) * time.Microsecond
	r.MinRTT = time.Duration(info.Min_rtt) * time.Microsecond
	return nil
}
