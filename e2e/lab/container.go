// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// AddContainer makes a container's network namespace, with lo up, at /run/netns/<name> in the node.
func (l *Lab) AddContainer(name string) (*NS, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.containers[name] != nil {
		return nil, fmt.Errorf("container %s: exists", name)
	}
	ns, err := newNetNS(l.Node, name, "/run/netns/"+name)
	if err != nil {
		return nil, err
	}
	l.containers[name] = ns
	return ns, nil
}

// RemoveContainer takes a container's namespace away, as a runtime does after DEL. The kernel
// removes links that are still inside some milliseconds later.
func (l *Lab) RemoveContainer(name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	ns := l.containers[name]
	if ns == nil {
		return fmt.Errorf("container %s: does not exist", name)
	}
	delete(l.containers, name)
	err := l.Node.Do(func() error {
		return errors.Join(unix.Unmount(ns.Path, unix.MNT_DETACH), os.Remove(ns.Path))
	})
	return errors.Join(err, ns.Close())
}

// newNetNS makes a network namespace that shares the node's mounts; path may be empty.
func newNetNS(node *NS, name, path string) (*NS, error) {
	var ns *NS
	err := node.Do(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("unshare: %w", err)
		}
		if err := setSysctls(containerSysctls); err != nil {
			return err
		}
		if path != "" {
			if err := os.WriteFile(path, nil, 0o444); err != nil {
				return err
			}
			if err := unix.Mount("/proc/thread-self/ns/net", path, "", unix.MS_BIND, ""); err != nil {
				return errors.Join(fmt.Errorf("mount %s: %w", path, err), os.Remove(path))
			}
		}
		f, err := os.Open("/proc/thread-self/ns/net")
		if err != nil {
			return err
		}
		ns = node.withNet(name, path, f)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("namespace %s: %w", name, err)
	}
	if err := linkUp(ns, "lo"); err != nil {
		return nil, errors.Join(err, ns.Close())
	}
	return ns, nil
}
