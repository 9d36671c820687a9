// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/vm/wire"
)

// prepare makes the machine that a request asks for.
func prepare(req wire.Request) error {
	now := unix.NsecToTimeval(req.Time)
	if err := unix.Settimeofday(&now); err != nil {
		return fmt.Errorf("set clock: %w", err)
	}
	if err := enterRoot(); err != nil {
		return err
	}
	if err := mountAll(append(inRoot, shares(req.Shares)...)); err != nil {
		return err
	}
	if err := linkDevices(); err != nil {
		return err
	}
	if err := linkModules(req); err != nil {
		return err
	}
	if err := unix.Sethostname([]byte(req.Hostname)); err != nil {
		return fmt.Errorf("set hostname: %w", err)
	}
	// What an init system gives its services: containers have many files.
	files := unix.Rlimit{Cur: 1024, Max: 1 << 19}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &files); err != nil {
		return fmt.Errorf("set limit of open files: %w", err)
	}
	usePath(req.Env)
	if out, err := exec.Command("ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
		return fmt.Errorf("ip link set lo up: %w: %s", err, out)
	}
	return os.Chdir(req.Dir)
}

// usePath makes the command's PATH the one in which it is looked for: the
// kernel gives init none.
func usePath(env []string) {
	os.Setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
	for _, kv := range env {
		if path, ok := strings.CutPrefix(kv, "PATH="); ok {
			os.Setenv("PATH", path)
		}
	}
}

// enterRoot makes the root of init the machine's root. The kernel's own
// threads share it with init, which is how a request for a module finds
// /sbin/modprobe.
func enterRoot() error {
	if err := mountAll(root); err != nil {
		return err
	}
	if err := os.Chdir("/root"); err != nil {
		return err
	}
	if err := unix.Mount(".", "/", "", unix.MS_MOVE, ""); err != nil {
		return fmt.Errorf("move root: %w", err)
	}
	if err := unix.Chroot("."); err != nil {
		return fmt.Errorf("chroot: %w", err)
	}
	return os.Chdir("/")
}

func shares(dirs []string) []mount {
	var table []mount
	for i, dir := range dirs {
		table = append(table, mount{
			target: dir, fstype: "9p", source: fmt.Sprint(wire.ShareTag, i),
			// mmap: programs map what they read; writes still go through.
			data: transport + "cache=mmap",
		})
	}
	return table
}

// linkDevices adds to /dev what the kernel leaves to user space.
func linkDevices() error {
	for name, target := range map[string]string{
		"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2",
	} {
		if err := os.Symlink(target, filepath.Join("/dev", name)); err != nil && !os.IsExist(err) {
			return fmt.Errorf("make device: %w", err)
		}
	}
	// The kernel's /dev/ptmx is of the instance that nobody mounted.
	_ = os.Remove("/dev/ptmx")
	return os.Symlink("pts/ptmx", "/dev/ptmx")
}

// linkModules makes this kernel's modules modprobe's.
func linkModules(req wire.Request) error {
	if err := os.MkdirAll("/lib/modules", 0o755); err != nil {
		return fmt.Errorf("link modules: %w", err)
	}
	link := filepath.Join("/lib/modules", req.Release)
	if err := os.RemoveAll(link); err != nil { // the machine may run the same release
		return fmt.Errorf("link modules: %w", err)
	}
	if err := os.Symlink(req.Modules, link); err != nil {
		return fmt.Errorf("link modules: %w", err)
	}
	return nil
}
