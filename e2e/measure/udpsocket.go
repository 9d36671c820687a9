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

func listenUDP(to Namespace, addr netip.AddrPort, opt PacketOptions) (*net.UDPConn, error) {
	options := append(bigBuffers(), receiveStamps()...)
	if opt.NoChecksum && addr.Addr().Is6() {
		options = append(options, option{unix.IPPROTO_UDP, unix.UDP_NO_CHECK6_RX, 1, false})
	}
	conn, err := open(to, func() (net.PacketConn, error) {
		lc := net.ListenConfig{Control: control(options)}
		return lc.ListenPacket(context.Background(), ipNetwork("udp", addr.Addr()), addr.String())
	})
	if err != nil {
		return nil, err
	}
	return conn.(*net.UDPConn), nil
}

func dialUDP(from Namespace, addr netip.AddrPort, opt PacketOptions) (*net.UDPConn, error) {
	options := append(bigBuffers(), dscpOptions(addr.Addr(), opt.DSCP)...)
	if opt.Segments > 1 {
		options = append(options, option{unix.IPPROTO_UDP, unix.UDP_SEGMENT, opt.Size, false})
	}
	if opt.NoChecksum {
		options = append(options, option{unix.SOL_SOCKET, unix.SO_NO_CHECK, 1, false})
		if addr.Addr().Is6() {
			options = append(options, option{unix.IPPROTO_UDP, unix.UDP_NO_CHECK6_TX, 1, false})
		}
	}
	conn, err := open(from, func() (net.Conn, error) {
		d := net.Dialer{Control: control(options), LocalAddr: &net.UDPAddr{Port: int(opt.SourcePort)}}
		return d.Dial(ipNetwork("udp", addr.Addr()), addr.String())
	})
	if err != nil {
		return nil, err
	}
	return conn.(*net.UDPConn), nil
}

type udpReceiver struct{ conn *net.UDPConn }

func (u *udpReceiver) SetReadDeadline(t time.Time) error { return u.conn.SetReadDeadline(t) }
func (u *udpReceiver) Close() error                      { return u.conn.Close() }

func (u *udpReceiver) receive(t *tally) error {
	buf, oob := make([]byte, 65536), make([]byte, 256)
	for {
		n, oobn, _, _, err := u.conn.ReadMsgUDPAddrPort(buf, oob)
		if err != nil {
			return endOfReceive(err)
		}
		r := parseControl(oob[:oobn])
		t.res.ReceiverDropped = max(t.res.ReceiverDropped, r.drops)
		if t.add(buf[:n], r.at) && t.complete() {
			err := u.conn.SetReadDeadline(time.Now().Add(quiet)) // duplicates may follow
			if err != nil {
				return endOfReceive(err)
			}
		}
	}
}

// quiet is waited for late duplicates once every packet has arrived.
const quiet = 100 * time.Millisecond

// endOfReceive takes the ways in which a measurement ends by itself for no error.
func endOfReceive(err error) error {
	var timeout net.Error
	if errors.Is(err, net.ErrClosed) || errors.As(err, &timeout) && timeout.Timeout() {
		return nil
	}
	return fmt.Errorf("receive: %w", err)
}
