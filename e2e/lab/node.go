// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// newNode makes the node's namespaces; dir is the lab's directory and bin that of the plugins.
func newNode(dir, bin string) (*NS, error) {
	node := &NS{Name: "node"}
	err := onThread(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNS | unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("unshare: %w", err)
		}
		if err := arrangeMounts(dir, bin); err != nil {
			return err
		}
		if err := setSysctls(nodeSysctls); err != nil {
			return err
		}
		return node.capture(unix.CLONE_NEWNS, unix.CLONE_NEWNET)
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("node: %w", err), node.closeAll())
	}
	return node, nil
}

// arrangeMounts gives the calling thread's mount namespace a /run, a /var/lib/cni and a /sys of
// its own. Nothing of it propagates to the machine.
func arrangeMounts(dir, bin string) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	binds := []struct{ from, to string }{
		{bin, filepath.Join(dir, "bin")}, // first: bin may lie below /run
		{filepath.Join(dir, "cni"), "/var/lib/cni"},
		{filepath.Join(dir, "run"), "/run"},
	}
	for _, b := range binds {
		if err := os.MkdirAll(b.from, 0o755); err != nil {
			return err
		}
		if err := os.MkdirAll(b.to, 0o755); err != nil {
			return err
		}
		if err := unix.Mount(b.from, b.to, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("mount %s: %w", b.to, err)
		}
	}
	if err := os.MkdirAll("/run/netns", 0o755); err != nil {
		return err
	}
	return mountSysfs()
}

// mountSysfs covers /sys with one that shows the thread's own network namespace, keeping what was
// mounted below the old one.
func mountSysfs() error {
	keep := map[string]int{}
	for _, p := range []string{"/sys/fs/cgroup", "/sys/fs/bpf"} {
		if fd, err := unix.Open(p, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0); err == nil {
			defer unix.Close(fd)
			keep[p] = fd
		}
	}
	if err := unix.Mount("sysfs", "/sys", "sysfs", 0, ""); err != nil {
		return fmt.Errorf("mount /sys: %w", err)
	}
	for p, fd := range keep {
		from := fmt.Sprintf("/proc/thread-self/fd/%d", fd)
		if err := unix.Mount(from, p, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
			return fmt.Errorf("mount %s: %w", p, err)
		}
	}
	return nil
}

// capture opens the calling thread's namespaces of the given kinds, and its root directory.
func (n *NS) capture(kinds ...int) error {
	names := map[int]string{unix.CLONE_NEWNS: "mnt", unix.CLONE_NEWNET: "net"}
	for _, k := range kinds {
		f, err := os.Open("/proc/thread-self/ns/" + names[k])
		if err != nil {
			return err
		}
		n.files = append(n.files, nsFile{f, k})
	}
	var err error
	n.root, err = os.Open("/")
	return err
}

// closeAll closes the files of a namespace that owns them all, which only the node does.
func (n *NS) closeAll() error {
	var errs []error
	for _, ns := range n.files {
		errs = append(errs, ns.f.Close())
	}
	if n.root != nil {
		errs = append(errs, n.root.Close())
	}
	return errors.Join(errs...)
}
