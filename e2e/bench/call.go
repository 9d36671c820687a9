// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// callLimit bounds a single execution, guestCallLimit one in the virtual machine:
// its clock runs ahead while it waits for a file of this machine.
const (
	callLimit      = time.Minute
	guestCallLimit = 24 * time.Hour
)

// call is one execution of a program, to be repeated. Its standard streams are
// files in memory.
type call struct {
	argv                  []string // the program's path first
	env                   []string
	limit                 time.Duration
	stdin, stdout, stderr *os.File
}

// cost of one execution.
type cost struct {
	wall time.Duration // from before fork to reaped
	cpu  time.Duration // user and system
}

// newCall prepares a program that reads input.
func newCall(input []byte, env []string, argv ...string) (*call, error) {
	c := &call{argv: argv, env: env, limit: callLimit}
	for _, f := range []**os.File{&c.stdin, &c.stdout, &c.stderr} {
		fd, err := unix.MemfdCreate("bench", unix.MFD_CLOEXEC)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("memory file: %w", err), c.close())
		}
		*f = os.NewFile(uintptr(fd), "memory")
	}
	if _, err := c.stdin.WriteAt(input, 0); err != nil {
		return nil, errors.Join(fmt.Errorf("memory file: %w", err), c.close())
	}
	return c, nil
}

func (c *call) close() error {
	var errs []error
	for _, f := range []*os.File{c.stdin, c.stdout, c.stderr} {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}

// rewind makes the streams as they were before the first execution.
func (c *call) rewind() error {
	_, err := c.stdin.Seek(0, 0)
	for _, f := range []*os.File{c.stdout, c.stderr} {
		_, seek := f.Seek(0, 0)
		err = errors.Join(err, f.Truncate(0), seek)
	}
	return err
}

// running is a process that has not been reaped.
type running struct{ pid, fd int }

// kill names the process by its descriptor: a number may be given anew.
func (r running) kill() { _ = unix.PidfdSendSignal(r.fd, unix.SIGKILL, nil, 0) }

// start forks and executes; the calling thread's namespaces are the program's.
func (c *call) start() (running, error) {
	var r running
	var err error
	r.pid, err = syscall.ForkExec(c.argv[0], c.argv, &syscall.ProcAttr{
		Dir: "/", Env: c.env, Files: []uintptr{c.stdin.Fd(), c.stdout.Fd(), c.stderr.Fd()},
		Sys: &syscall.SysProcAttr{PidFD: &r.fd},
	})
	if err != nil {
		return r, fmt.Errorf("%s: %w", c.name(), err)
	}
	return r, nil
}

// wait reaps what start has started.
func (c *call) wait(r running) (cpu time.Duration, err error) {
	var status syscall.WaitStatus
	var usage syscall.Rusage
	for {
		_, err = syscall.Wait4(r.pid, &status, 0, &usage)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return 0, fmt.Errorf("wait for %s: %w", c.name(), err)
	}
	if status != 0 {
		return 0, c.failure(status)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), nil
}

// failure tells what the program said; a plugin's error is on standard output.
func (c *call) failure(status syscall.WaitStatus) error {
	said := append(content(c.stdout), content(c.stderr)...)
	text := strings.Join(strings.Fields(string(said)), " ")
	var e struct{ Msg string }
	if json.NewDecoder(bytes.NewReader(said)).Decode(&e) == nil && e.Msg != "" {
		text = e.Msg // an error document of a plugin
	}
	if status.Signaled() {
		return fmt.Errorf("%s: %v %s", c.name(), status.Signal(), text)
	}
	return fmt.Errorf("%s: exit %d: %s", c.name(), status.ExitStatus(), text)
}

// content is what the program has written into one of its streams.
func content(f *os.File) []byte {
	data := make([]byte, 64<<10)
	n, _ := f.ReadAt(data, 0)
	return data[:n]
}

func (c *call) name() string { return filepath.Base(c.argv[0]) }

// run executes the program once and waits for it.
func (c *call) run() (cost, error) {
	if err := c.rewind(); err != nil {
		return cost{}, err
	}
	begin := time.Now()
	r, err := c.start()
	if err != nil {
		return cost{}, err
	}
	guard := time.AfterFunc(c.limit, r.kill)
	cpu, err := c.wait(r)
	wall := time.Since(begin)
	guard.Stop()
	return cost{wall, cpu}, errors.Join(err, unix.Close(r.fd))
}
