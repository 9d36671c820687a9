// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"encoding/hex"
	"fmt"

	"golang.org/x/sys/unix"
)

// Program is a program in the kernel, its tables and counters. They live as
// long as a file descriptor or a filter refers to them.
type Program struct {
	Name string // see Table.Name
	Tag  string // the kernel's hash of the instructions, 16 hexadecimal digits; SHA-1 or, since 6.18, SHA-256
	ID   uint32 // unique while the kernel runs
	fd   int
}

// FD is the file descriptor to attach, of a cls_bpf filter that is not
// direct-action. The filter keeps the program when it is closed.
func (p *Program) FD() int { return p.fd }

// Close closes the file descriptor.
func (p *Program) Close() error { return unix.Close(p.fd) }

// Load gives the program to the kernel. It needs CAP_BPF and CAP_NET_ADMIN, or
// CAP_SYS_ADMIN, and Linux 5.3 or later; an error says which of it lacks. In
// kernels before 5.11, whose maps count as locked memory, it may lift the
// process's limit of that.
func (t *Table) Load() (*Program, error) { return retried(t.Name(), t.load) }

// retried loads a program, a second time without the limit of locked memory.
func retried(name string, load func() (*Program, error)) (*Program, error) {
	p, err := load()
	if err == unix.EPERM && liftMemlock() == nil {
		p, err = load()
	}
	if err != nil {
		return nil, fmt.Errorf("bpf program %s: %w", name, explain(err))
	}
	return p, nil
}

func (t *Table) load() (*Program, error) {
	var fds [mapRefs]int
	var err error
	fds[tablesMap], err = createTables(t.tables)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fds[tablesMap])
	fds[countersMap], err = createArray(countersName, max(counterSize, t.CounterBytes()), 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fds[countersMap])
	return loadProgram(t.Name(), encode(t.insns, fds))
}

// loadProgram loads a program and asks what the kernel calls it.
func loadProgram(name string, code []byte) (*Program, error) {
	fd, err := loadInstructions(name, code)
	if err != nil {
		return nil, err
	}
	i := progInfo{}
	if err := info(fd, &i); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	return &Program{Name: name, Tag: hex.EncodeToString(i.tag[:]), ID: i.id, fd: fd}, nil
}

// loadInstructions loads a program; the verifier's log, which costs time, is
// asked for only when it has refused.
func loadInstructions(name string, code []byte) (int, error) {
	var m memory
	defer m.Unpin()
	license := append([]byte("Apache-2.0"), 0)
	attr := progLoadAttr{
		progType: unix.BPF_PROG_TYPE_SCHED_CLS, insnCount: uint32(len(code) / 8),
		insns: address(&m, &code[0]), license: address(&m, &license[0]), name: objectName(name),
	}
	fd, err := call(unix.BPF_PROG_LOAD, &attr)
	if err == nil || err == unix.EPERM || err == unix.ENOSYS {
		return fd, err
	}
	log := make([]byte, 1<<20)
	attr.logLevel, attr.logSize, attr.log = 1, uint32(len(log)), address(&m, &log[0])
	fd, again := call(unix.BPF_PROG_LOAD, &attr)
	if again == nil {
		return fd, nil
	}
	return -1, &verifierError{err, tail(log)}
}
