// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/vm/wire"
)

// A mount is one line of a table. Its directory is made if it is not there.
type mount struct {
	target, fstype, source string
	flags                  uintptr
	data                   string
	optional               bool // a kernel without it is good enough
}

// transport is how every share is mounted. The larger msize makes a binary
// of 20 MB start in a fraction of the default's time.
const transport = "trans=virtio,version=9p2000.L,msize=512000,"

const quiet = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC

// Mounted on the initramfs.
var early = []mount{
	{target: "/proc", fstype: "proc", flags: quiet},
	{target: "/sys", fstype: "sysfs", flags: quiet},
	{target: "/dev", fstype: "devtmpfs", data: "mode=755"},
}

// The machine's root, read-only, and over it a file system in memory that
// takes what is written.
var root = []mount{
	{target: "/host", fstype: "9p", source: wire.RootTag, flags: unix.MS_RDONLY, data: transport + "cache=loose"},
	{target: "/over", fstype: "tmpfs", data: "mode=755"},
	{target: "/over/up"}, {target: "/over/work"},
	{target: "/root", fstype: "overlay", data: "lowerdir=/host,upperdir=/over/up,workdir=/over/work"},
}

// Mounted in the new root. /tmp is not among them: go test keeps the binary
// there that is to run. /run and the state of CNI and containerd are the
// guest's own, because what they say is about the machine; containerd's is
// not on the overlay, so that it can itself make overlays.
var inRoot = []mount{
	{target: "/proc", fstype: "proc", flags: quiet},
	{target: "/sys", fstype: "sysfs", flags: quiet},
	{target: "/sys/fs/cgroup", fstype: "cgroup2", flags: quiet},
	{target: "/sys/fs/bpf", fstype: "bpf", flags: quiet, optional: true},
	{target: "/sys/kernel/debug", fstype: "debugfs", flags: quiet, optional: true},
	{target: "/sys/kernel/tracing", fstype: "tracefs", flags: quiet, optional: true},
	{target: "/dev", fstype: "devtmpfs", data: "mode=755"},
	{target: "/dev/pts", fstype: "devpts", data: "mode=620,ptmxmode=666,gid=5"},
	{target: "/dev/shm", fstype: "tmpfs", data: "mode=1777"},
	{target: "/dev/mqueue", fstype: "mqueue", flags: quiet, optional: true},
	{target: "/run", fstype: "tmpfs", data: "mode=755"},
	{target: "/var/lib/cni", fstype: "tmpfs", data: "mode=755"},
	{target: "/var/lib/containerd", fstype: "tmpfs", data: "mode=711"},
}

func mountAll(table []mount) error {
	for _, m := range table {
		if err := m.do(); err != nil && !m.optional {
			return err
		}
	}
	return nil
}

func (m mount) do() error {
	// sysfs has its directories already and lets none be made.
	if err := os.MkdirAll(m.target, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("mount: %w", err)
	}
	if m.fstype == "" {
		return nil
	}
	source := m.source
	if source == "" {
		source = m.fstype
	}
	if err := unix.Mount(source, m.target, m.fstype, m.flags, m.data); err != nil {
		return fmt.Errorf("mount %s on %s: %w", m.fstype, m.target, err)
	}
	return nil
}
