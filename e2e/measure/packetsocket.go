// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// packetSocket reads an interface's frames (packet(7)).
type packetSocket struct {
	file *os.File
	raw  syscall.RawConn
	dir  Direction
	vnet int // length of the header in front of each frame, 0 for none
}

// errUnreadable is of a frame with a segmentation that the kernel cannot put into a virtio_net_hdr:
// UDP's before Linux 6.2. The frame is gone.
var errUnreadable = errors.New("kernel cannot describe the frame's segmentation")

// Direction selects packets by their way through an interface.
type Direction int

// An interface sees outgoing packets after its qdiscs, incoming ones before its ingress filters.
const (
	Both Direction = iota
	Incoming
	Outgoing
)

// vnetHeader is the length of struct virtio_net_hdr.
const vnetHeader = 10

// openPacketSocket asks for the kernel's word on segmentation in front of each frame
// (PACKET_VNET_HDR, since Linux 2.6.27) where segments is true.
func openPacketSocket(ns Namespace, ifname string, dir Direction, filter []bpf.RawInstruction, segments bool) (*packetSocket, error) {
	options := append(bigBuffers(), option{unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1, false})
	vnet := 0
	if segments {
		vnet = vnetHeader
		options = append(options, option{unix.SOL_PACKET, unix.PACKET_VNET_HDR, 1, false})
	}
	fd, err := open(ns, func() (int, error) {
		// Protocol 0 receives nothing until bind: no frame passes before the filter is there.
		fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return -1, err
		}
		if err := preparePacketSocket(fd, ifname, filter, options); err != nil {
			return -1, errors.Join(err, unix.Close(fd))
		}
		return fd, nil
	})
	if err != nil {
		return nil, fmt.Errorf("packet socket on %s: %w", ifname, err)
	}
	file := os.NewFile(uintptr(fd), "packet socket on "+ifname)
	raw, err := file.SyscallConn()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("packet socket on %s: %w", ifname, err), file.Close())
	}
	return &packetSocket{file, raw, dir, vnet}, nil
}

// preparePacketSocket runs inside the namespace, where the interface's name means something.
func preparePacketSocket(fd int, ifname string, filter []bpf.RawInstruction, options []option) error {
	ifi, err := net.InterfaceByName(ifname)
	if err != nil {
		return err
	}
	if len(filter) > 0 {
		prog := unix.SockFprog{Len: uint16(len(filter)), Filter: (*unix.SockFilter)(unsafe.Pointer(&filter[0]))}
		if err := unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &prog); err != nil {
			return fmt.Errorf("attach filter: %w", err)
		}
	}
	for _, o := range options {
		if err := unix.SetsockoptInt(fd, o.level, o.name, o.value); err != nil && !o.optional {
			return fmt.Errorf("set socket option %d/%d: %w", o.level, o.name, err)
		}
	}
	all := binary.NativeEndian.Uint16([]byte{0, unix.ETH_P_ALL}) // network order
	return unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: ifi.Index})
}

// next waits for the next frame in the wanted direction. The frame's data is in buf.
func (s *packetSocket) next(buf, oob []byte) (frame, time.Time, error) {
	for {
		var n, oobn int
		var from unix.Sockaddr
		var failed error
		err := s.raw.Read(func(fd uintptr) bool {
			n, oobn, _, from, failed = unix.Recvmsg(int(fd), buf, oob, unix.MSG_TRUNC)
			return failed != unix.EAGAIN
		})
		if failed == unix.EINVAL && s.vnet > 0 {
			return frame{}, time.Time{}, errUnreadable
		}
		if err = errors.Join(err, failed); err != nil {
			return frame{}, time.Time{}, err
		}
		ll, ok := from.(*unix.SockaddrLinklayer)
		if n < s.vnet || !ok || !s.dir.wants(ll.Pkttype) {
			continue
		}
		f := frame{data: buf[s.vnet:min(n, len(buf))], length: n - s.vnet}
		if s.vnet > 0 && buf[1] != 0 { // gso_type
			f.gsoSize = int(binary.NativeEndian.Uint16(buf[4:]))
		}
		return f, parseControl(oob[:oobn]).at, nil
	}
}

func (d Direction) wants(pkttype uint8) bool {
	outgoing := pkttype == unix.PACKET_OUTGOING
	return d == Both || outgoing == (d == Outgoing)
}

// dropped is how many frames did not fit into the socket's buffer since the last call.
func (s *packetSocket) dropped() (int, error) {
	var stats *unix.TpacketStats
	var failed error
	err := s.raw.Control(func(fd uintptr) {
		stats, failed = unix.GetsockoptTpacketStats(int(fd), unix.SOL_PACKET, unix.PACKET_STATISTICS)
	})
	if err = errors.Join(err, failed); err != nil {
		return 0, fmt.Errorf("packet statistics: %w", err)
	}
	return int(stats.Drops), nil
}
