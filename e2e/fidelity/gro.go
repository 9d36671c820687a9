// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/lab"
)

// Commands of SIOCETHTOOL (include/uapi/linux/ethtool.h).
const (
	setTSO = 0x1f
	setGSO = 0x24
	setGRO = 0x2c
)

// forwarded is a measurement where the node puts packets together that came one
// by one (GRO) and forwards them as one. Before Linux 5.13 a veth does so only
// with an XDP program.
func forwarded(measure Measurement) Measurement {
	return func(ctx context.Context, l *Link) (Measured, error) {
		err := errors.Join(
			feature(l.World, "eth0", setTSO, false), feature(l.World, "eth0", setGSO, false),
			feature(l.Node, "payments", setGRO, true))
		if err != nil {
			return Measured{}, err
		}
		m, err := measure(ctx, l)
		return m, errors.Join(err,
			feature(l.World, "eth0", setGSO, true), feature(l.World, "eth0", setTSO, true),
			feature(l.Node, "payments", setGRO, false))
	}
}

// feature switches one of an interface's offloads.
func feature(ns *lab.NS, dev string, command uint32, on bool) error {
	value := struct{ command, on uint32 }{command, 0}
	if on {
		value.on = 1
	}
	err := ns.Do(func() error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		var request struct { // struct ifreq
			name [unix.IFNAMSIZ]byte
			data unsafe.Pointer
			_    [16]byte
		}
		copy(request.name[:unix.IFNAMSIZ-1], dev)
		request.data = unsafe.Pointer(&value)
		if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(&request))); e != 0 {
			return e
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("offload %#x of %s in %s: %w", command, dev, ns.Name, err)
	}
	return nil
}
