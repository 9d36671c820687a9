// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"time"
	"unsafe"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	payload = 22 // bytes; with the headers of UDP, IP and Ethernet 64
	batch   = 64 // packets in a system call, or one to each address

	// burstTime is short: on a busy machine most bursts are then whole, and the
	// median is of those.
	burstTime = 2 * time.Millisecond
)

// nowhere is nobody's address: the other end drops what is sent to it before
// it looks any further.
var nowhere = net.HardwareAddr{2, 0, 0, 0, 0x99, 0x99}

// mmsghdr is struct mmsghdr of sendmmsg(2).
type mmsghdr struct {
	hdr unix.Msghdr
	_   uint32 // msg_len
}

// blaster sends small packets to its addresses in turn, as fast as it can.
type blaster struct {
	fd       int
	iov      unix.Iovec
	payload  [payload]byte
	to       []unix.RawSockaddrInet4 // none: what the socket is connected to
	messages []mmsghdr
	lasts    time.Duration // a burst
	rest     time.Duration // after a burst, until all of it has left
	perBurst int           // packets; 0: not known yet
	sent     uint64
}

// newBlaster gives eth0 of the pod an address and opens a socket there.
func newBlaster(p pod, port uint16, to ...netip.Addr) (*blaster, error) {
	err := netlinkIn(p.ns, func(h *netlink.Handle) error {
		link, err := h.LinkByName(p.IfName)
		if err != nil {
			return err
		}
		own := &net.IPNet{IP: net.IPv4(10, 0, 0, 2), Mask: net.CIDRMask(8, 32)}
		if err := h.AddrAdd(link, &netlink.Addr{IPNet: own}); err != nil {
			return err
		}
		for _, addr := range to {
			err = errors.Join(err, h.NeighSet(&netlink.Neigh{
				LinkIndex: link.Attrs().Index, State: netlink.NUD_PERMANENT, IP: addr.AsSlice(), HardwareAddr: nowhere,
			}))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("interface %s of %s: %w", p.IfName, p.ns.Name, err)
	}
	b := &blaster{fd: -1, lasts: burstTime, messages: make([]mmsghdr, len(to)*((batch+len(to)-1)/len(to)))}
	err = p.ns.Do(func() (err error) {
		b.fd, err = unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		if len(to) == 1 {
			return unix.Connect(b.fd, &unix.SockaddrInet4{Port: int(port), Addr: to[0].As4()})
		}
		return nil
	})
	if err != nil {
		b.close()
		return nil, fmt.Errorf("socket to %v: %w", to, err)
	}
	if len(to) > 1 {
		for _, addr := range to {
			b.to = append(b.to, unix.RawSockaddrInet4{Family: unix.AF_INET, Port: port<<8 | port>>8, Addr: addr.As4()})
		}
	}
	return b, nil
}

func (b *blaster) close() {
	if b != nil && b.fd >= 0 {
		_ = unix.Close(b.fd)
		b.fd = -1
	}
}

// blast sends a burst and returns the time that a packet took.
func (b *blaster) blast() (time.Duration, error) {
	if b.perBurst == 0 {
		begin := time.Now()
		if err := b.send(4 * batch); err != nil {
			return 0, err
		}
		time.Sleep(b.rest)
		b.perBurst = int(b.lasts * 4 * batch / time.Since(begin))
	}
	before := b.sent
	begin := time.Now()
	if err := b.send(b.perBurst); err != nil {
		return 0, err
	}
	each := time.Since(begin) / time.Duration(b.sent-before)
	time.Sleep(b.rest)
	return each, nil
}

// send sends at least n packets. The messages all share one payload; they and
// it are on the heap, so that their addresses stay.
func (b *blaster) send(n int) error {
	b.iov = unix.Iovec{Base: &b.payload[0]}
	b.iov.SetLen(payload)
	for i := range b.messages {
		b.messages[i].hdr = unix.Msghdr{Iov: &b.iov}
		b.messages[i].hdr.SetIovlen(1)
		if len(b.to) > 0 {
			b.messages[i].hdr.Name = (*byte)(unsafe.Pointer(&b.to[i%len(b.to)]))
			b.messages[i].hdr.Namelen = unix.SizeofSockaddrInet4
		}
	}
	defer runtime.KeepAlive(b)
	for end := b.sent + uint64(n); b.sent < end; {
		done, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, uintptr(b.fd), uintptr(unsafe.Pointer(&b.messages[0])), uintptr(len(b.messages)), 0, 0, 0)
		switch errno {
		case 0:
			b.sent += uint64(done)
		case unix.EINTR:
		default:
			return fmt.Errorf("sendmmsg: %w", errno)
		}
	}
	return nil
}
