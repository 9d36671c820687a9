// SPDX-License-Identifier: Apache-2.0

package install

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// disk mounts a file system of 64 KiB over a directory, for root.
func (n node) disk(dir string) {
	n.t.Helper()
	if err := unix.Mount("tcni-test", dir, "tmpfs", 0, "size=64k"); err != nil {
		if os.Getenv("CI") != "" || os.Getenv("TCNI_ROOT_TESTS") == "1" {
			n.t.Fatalf("mount: %v", err)
		}
		n.t.Skipf("needs root: mount: %v", err)
	}
	n.t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			n.t.Errorf("unmount: %v", err)
		}
	})
}

// TestFullDisk leaves no half of a file.
func TestFullDisk(t *testing.T) {
	for _, dir := range []string{"bin", "net.d"} {
		n := newNode(t, nil)
		full := filepath.Join(filepath.Dir(n.BinDir), dir)
		n.disk(full)
		n.write(filepath.Join(n.BinDir, "flannel"), "a plugin")
		n.write(filepath.Join(n.ConfDir, "10-a.conflist"), flannel)
		before := n.state()
		if dir == "net.d" {
			before["bin/tcni"] = "-rwxr-xr-x " + tcni
		}
		fill := filepath.Join(full, "fill")
		if err := os.WriteFile(fill, make([]byte, 1<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("error is %v", err)
		}
		if _, err := Install(n.Options); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("error is %v", err)
		}
		if err := os.Remove(fill); err != nil {
			t.Fatal(err)
		}
		n.is(before, "after an install on a full disk: "+dir)
		n.install()
	}
}

// TestReadOnly has a directory of executables that nothing can be put into: nothing names it then.
func TestReadOnly(t *testing.T) {
	n := newNode(t, map[string]string{"10-a.conflist": flannel})
	n.disk(n.BinDir)
	n.write(filepath.Join(n.BinDir, "flannel"), "a plugin")
	before := n.state()
	if err := unix.Mount("", n.BinDir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := Install(n.Options); !errors.Is(err, syscall.EROFS) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error is %v", err)
	}
	n.is(before, "after an install")
}

// TestOwner keeps the owner and the mode of a list, and says so where it may not.
func TestOwner(t *testing.T) {
	n := newNode(t, map[string]string{"10-a.conflist": flannel})
	path := filepath.Join(n.ConfDir, "10-a.conflist")
	if err := os.Chown(path, 12, 34); err != nil {
		if os.Getenv("CI") != "" || os.Getenv("TCNI_ROOT_TESTS") == "1" {
			t.Fatal(err)
		}
		t.Skipf("needs root: %v", err)
	}
	n.install()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !ok || st.Uid != 12 || st.Gid != 34 || info.Mode() != 0o640 {
		t.Errorf("list is %v, %+v", info.Mode(), st)
	}
}
