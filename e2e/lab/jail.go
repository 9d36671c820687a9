// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// Jail is the node with a process namespace and a /proc of its own. When the jail is closed, or
// the process that made it dies in whatever way, the kernel kills everything inside: the one sure
// way to end a container runtime's daemons, shims and containers, which leave their parents.
type Jail struct {
	// NS runs code and starts processes inside the jail.
	*NS

	node *NS
	init *exec.Cmd
	stop chan struct{}
	own  []nsFile
}

// jailInit is the jail's first process. It mounts /proc, says so, and sleeps; orphans that end
// stay zombies until the jail closes.
const jailInit = `mount -t proc proc /proc && mount --make-rshared / && echo ready && exec sleep 2147483647`

// NewJail makes a jail; [Lab.Close] closes it too.
func (l *Lab) NewJail() (*Jail, error) {
	j := &Jail{node: l.Node, init: exec.Command("/bin/sh", "-c", jailInit), stop: make(chan struct{})}
	j.init.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL,
	}
	j.init.Stderr = os.Stderr
	out, err := j.init.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("jail: %w", err)
	}
	started := make(chan error, 2)
	go func() {
		err := l.Node.Do(func() error {
			started <- j.init.Start()
			// The death signal is sent when the starting thread ends, not the process: stay.
			<-j.stop
			return nil
		})
		started <- err // where Start was not reached
	}()
	if err := <-started; err != nil {
		close(j.stop)
		return nil, fmt.Errorf("jail: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if line != "ready\n" {
		return nil, errors.Join(fmt.Errorf("jail: first process: %w", err), j.Close())
	}
	if err := j.open(); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.jails = append(l.jails, j)
	return j, nil
}

// open takes hold of the first process's namespaces. The process namespace comes first: entering it
// needs no /proc.
func (j *Jail) open() error {
	j.NS = &NS{Name: "jail"}
	proc := fmt.Sprintf("/proc/%d/", j.init.Process.Pid)
	for _, k := range []struct {
		name string
		kind int
	}{{"pid", unix.CLONE_NEWPID}, {"mnt", unix.CLONE_NEWNS}} {
		f, err := os.Open(proc + "ns/" + k.name)
		if err != nil {
			return fmt.Errorf("jail: %w", err)
		}
		j.own = append(j.own, nsFile{f, k.kind})
	}
	j.files = append(j.files, j.own...)
	for _, n := range j.node.files {
		if n.kind == unix.CLONE_NEWNET {
			j.files = append(j.files, n)
		}
	}
	root, err := os.Open(proc + "root")
	if err != nil {
		return fmt.Errorf("jail: %w", err)
	}
	j.root = root
	return nil
}

// Open returns the network namespace mounted at path inside the jail, with the mounts and processes
// of the node: it is a container like the lab's own. The caller closes it.
func (j *Jail) Open(name, path string) (*NS, error) {
	var f *os.File
	err := j.Do(func() (err error) {
		f, err = os.Open(path)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("namespace %s: %w", name, err)
	}
	return j.node.withNet(name, path, f), nil
}

// Close kills everything in the jail and waits until the first process, which the kernel keeps
// until all others are gone, has ended. It may be called more than once.
func (j *Jail) Close() error {
	select {
	case <-j.stop:
		return nil
	default:
	}
	err := j.init.Process.Kill()
	_ = j.init.Wait() // "signal: killed" is what we want
	close(j.stop)
	if j.NS == nil {
		return err
	}
	for _, n := range j.own {
		err = errors.Join(err, n.f.Close())
	}
	if j.root != nil {
		err = errors.Join(err, j.root.Close())
	}
	return err
}
