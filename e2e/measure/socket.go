// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// bufferBytes is asked for every test socket, past the system's limit (root may): what is lost
// shall be lost in the network under test.
const bufferBytes = 64 << 20

// option is one socket option; optional ones may be refused.
type option struct {
	level, name, value int
	optional           bool
}

func bigBuffers() []option {
	return []option{
		{unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, bufferBytes, true},
		{unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, bufferBytes, true},
	}
}

// receiveStamps ask for the kernel's receive time and for the count of packets that did not fit
// into the socket's buffer.
func receiveStamps() []option {
	return []option{
		{unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1, false},
		{unix.SOL_SOCKET, unix.SO_RXQ_OVFL, 1, true},
	}
}

// dscpOptions mark what a socket sends with a differentiated services code point, 0..63.
func dscpOptions(to netip.Addr, dscp uint8) []option {
	if dscp == 0 {
		return nil
	}
	if to.Is4() {
		return []option{{unix.IPPROTO_IP, unix.IP_TOS, int(dscp) << 2, false}}
	}
	return []option{{unix.IPPROTO_IPV6, unix.IPV6_TCLASS, int(dscp) << 2, false}}
}

func setOptions(c syscall.RawConn, options []option) error {
	var failed error
	err := c.Control(func(fd uintptr) {
		for _, o := range options {
			err := unix.SetsockoptInt(int(fd), o.level, o.name, o.value)
			if err != nil && !o.optional && failed == nil {
				failed = fmt.Errorf("set socket option %d/%d: %w", o.level, o.name, err)
			}
		}
	})
	if err != nil {
		return err
	}
	return failed
}

// control sets options between socket(2) and bind(2).
func control(options []option) func(network, address string, c syscall.RawConn) error {
	return func(_, _ string, c syscall.RawConn) error { return setOptions(c, options) }
}

// received is what the control messages of a packet say.
type received struct {
	at    time.Time
	drops int // packets that did not fit so far; 0 also where the kernel does not say
}

func parseControl(oob []byte) received {
	r := received{}
	msgs, err := unix.ParseSocketControlMessage(oob)
	if err == nil {
		for _, m := range msgs {
			switch {
			case m.Header.Level != unix.SOL_SOCKET:
			case m.Header.Type == unix.SO_TIMESTAMPNS && len(m.Data) >= 16:
				r.at = time.Unix(int64(binary.NativeEndian.Uint64(m.Data)),
					int64(binary.NativeEndian.Uint64(m.Data[8:])))
			case m.Header.Type == unix.SO_RXQ_OVFL && len(m.Data) >= 4:
				r.drops = int(binary.NativeEndian.Uint32(m.Data))
			}
		}
	}
	if r.at.IsZero() {
		r.at = time.Now()
	}
	return r
}

// pinThread keeps the calling thread on the processor that it runs on.
func pinThread() error {
	var cpu uint32
	if _, _, e := unix.RawSyscall(unix.SYS_GETCPU, uintptr(unsafe.Pointer(&cpu)), 0, 0); e != 0 {
		return fmt.Errorf("getcpu: %w", e)
	}
	var set unix.CPUSet
	set.Set(int(cpu))
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return fmt.Errorf("pin thread to processor %d: %w", cpu, err)
	}
	return nil
}

// ipNetwork is the name of a protocol for addr's family, such as "udp6".
func ipNetwork(protocol string, addr netip.Addr) string {
	if addr.Is4() {
		return protocol + "4"
	}
	return protocol + "6"
}
