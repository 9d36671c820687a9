// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"tcni.dev/internal/nsid"
)

// TestVisit opens sockets in another namespace from many goroutines, with the
// runtime's preemption at work: they are there, and no thread is left there.
func TestVisit(t *testing.T) {
	ns := newNetns(t)
	home := threadNamespaces(t)
	var there, own unix.Stat_t
	if err := unix.Fstat(int(ns.file.Fd()), &there); err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func(target, home int) (int, error){"in place": visit, "by a thread": visitByThread} {
		t.Run(name, func(t *testing.T) {
			var all sync.WaitGroup
			for range 4 * runtime.GOMAXPROCS(0) {
				all.Go(func() {
					for range 100 {
						own := own
						if err := socketNamespace(ns, open, &own); err != nil || own.Ino != there.Ino {
							t.Errorf("socket in %d, want %d; %v", own.Ino, there.Ino, err)
							return
						}
						_ = make([]byte, 64<<10) // so that there are collections, which stop goroutines anywhere
					}
				})
			}
			all.Wait()
		})
	}
	for name := range threadNamespaces(t) {
		if !home[name] {
			t.Errorf("a thread is in %s, before %v", name, home)
		}
	}
}

// socketNamespace tells in which namespace open opens a socket.
func socketNamespace(ns *netns, open func(target, home int) (int, error), own *unix.Stat_t) error {
	home, err := openNamespace(nsid.Own)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(home) }()
	fd, err := open(int(ns.file.Fd()), home)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(fd) }()
	its, err := unix.IoctlRetInt(fd, unix.SIOCGSKNS)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(its) }()
	return unix.Fstat(its, own)
}

// threadNamespaces are the namespaces that threads of this process are in.
func threadNamespaces(t *testing.T) map[string]bool {
	t.Helper()
	links, err := filepath.Glob("/proc/self/task/*/ns/net")
	if err != nil || len(links) == 0 {
		t.Fatalf("threads: %v, %v", links, err)
	}
	found := map[string]bool{}
	for _, link := range links {
		if name, err := os.Readlink(link); err == nil { // a thread may have ended
			found[name] = true
		}
	}
	return found
}
