// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/lab"
)

// A tracer runs a program under ptrace(2) and can kill it, with all processes
// that it started, right before any system call of any of its threads that can
// leave a trace. (strace --inject counts the calls of each thread on its own,
// and Go moves its work between threads: the count would mean nothing.)

// traced is how a run under the tracer ended.
type traced struct {
	points int  // calls that can leave a trace, the one it was killed at included
	killed bool // at the point that was asked for
	status syscall.WaitStatus
}

// trace runs tcni in the node and kills it before the point-th call that can
// leave a trace; 0 never.
func (n *network) trace(verb lab.Verb, stdin []byte, point int) traced {
	n.t.Helper()
	cmd := exec.Command(filepath.Join(n.Bin, "tcni"))
	cmd.Env = n.Env(verb, n.attach)
	in, err := stdinFile(n.t, stdin)
	if err != nil {
		n.t.Fatal(err)
	}
	defer in.Close()
	cmd.Stdin = in
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL}
	var res traced
	err = n.Node.Do(func() error { // on one thread, the tracer
		if err := cmd.Start(); err != nil {
			return err
		}
		res, err = follow(cmd.Process.Pid, point)
		return errors.Join(err, cmd.Process.Release())
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return res
}

const followed = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEFORK |
	unix.PTRACE_O_TRACEVFORK | unix.PTRACE_O_TRACEEXEC | unix.PTRACE_O_EXITKILL

// follow traces from the stop after execve(2) on.
func follow(pid, point int) (res traced, err error) {
	var ws unix.WaitStatus
	if _, err := unix.Wait4(pid, &ws, 0, nil); err != nil {
		return res, fmt.Errorf("wait: %w", err)
	}
	if err := unix.PtraceSetOptions(pid, followed); err != nil {
		return res, fmt.Errorf("ptrace: %w", err)
	}
	f := &follower{pid: pid, point: point, threads: map[int]bool{pid: false}}
	if err := unix.PtraceSyscall(pid, 0); err != nil {
		return res, fmt.Errorf("ptrace: %w", err)
	}
	err = f.run()
	return f.traced, err
}

type follower struct {
	traced
	pid     int
	point   int
	threads map[int]bool // tells whether a thread is inside a system call
}

// run handles one stop after another, until all threads have ended.
func (f *follower) run() error {
	for {
		var ws unix.WaitStatus
		// Not the children of other threads: other tests have some.
		tid, err := unix.Wait4(-1, &ws, unix.WALL|unix.WNOTHREAD, nil)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.ECHILD):
			return nil
		case err != nil:
			return fmt.Errorf("wait: %w", err)
		case ws.Exited() || ws.Signaled():
			if tid == f.pid {
				f.status = syscall.WaitStatus(ws)
			}
			delete(f.threads, tid)
			continue
		}
		if err := f.stopped(tid, ws); err != nil && !errors.Is(err, unix.ESRCH) {
			return err
		}
	}
}

// stopped looks at a thread that stands still and lets it go on.
func (f *follower) stopped(tid int, ws unix.WaitStatus) error {
	signal := 0
	switch stop := ws.StopSignal(); {
	case stop == unix.SIGTRAP|0x80:
		f.threads[tid] = !f.threads[tid]
		if f.threads[tid] && f.entered(tid) {
			return f.kill()
		}
	case stop == unix.SIGTRAP, stop == unix.SIGSTOP: // of the tracing itself
	default:
		signal = int(stop)
	}
	if f.killed {
		return nil
	}
	return unix.PtraceSyscall(tid, signal)
}

// entered counts, and tells whether this is the point.
func (f *follower) entered(tid int) bool {
	var regs unix.PtraceRegs
	if unix.PtraceGetRegs(tid, &regs) != nil || !leavesTrace(tid, &regs) {
		return false
	}
	f.points++
	return f.points == f.point
}

// kill ends all processes at once.
func (f *follower) kill() error {
	f.killed = true
	for tid := range f.threads {
		if err := unix.Kill(tid, unix.SIGKILL); err != nil && !errors.Is(err, unix.ESRCH) {
			return fmt.Errorf("kill: %w", err)
		}
	}
	return nil
}
