// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/vm/wire"
)

// run runs the command and returns its status, as a shell would name it.
func run(req wire.Request, ports map[string]*os.File) int {
	out, err := outputs(req, ports)
	if err != nil {
		fmt.Fprintln(ports[wire.Stderr], "guest:", err)
		return 126
	}
	cmd, err := start(req, out, ports[wire.Stdin])
	out.closeWriters()
	if err != nil {
		fmt.Fprintln(ports[wire.Stderr], "guest:", err)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, exec.ErrNotFound) {
			return 127
		}
		return 126
	}
	status := reap(cmd.Process.Pid)
	// Whatever it left running holds its output open. The machine is about to
	// end, so they end now, and what they wrote is there to the last byte.
	_ = unix.Kill(-1, unix.SIGKILL)
	out.copies.Wait()
	return status
}

func start(req wire.Request, out *output, stdin *os.File) (*exec.Cmd, error) {
	cmd := exec.Command(req.Argv[0], req.Argv[1:]...)
	cmd.Env = append(req.Env, "TCNI_VM="+req.Release)
	cmd.Dir = req.Dir
	cmd.Stdout, cmd.Stderr = out.stdout, out.stderr
	if !req.Stdin {
		return cmd, cmd.Start()
	}
	// A pipe, because a port cannot be opened a second time and programs open
	// /dev/stdin.
	w, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_, _ = io.Copy(w, stdin)
		w.Close()
	}()
	return cmd, nil
}

// reap waits for pid, and meanwhile for every orphan, which is init's duty:
// who polls for the end of a process must not find a zombie.
func reap(pid int) int {
	for {
		var ws unix.WaitStatus
		got, err := unix.Wait4(-1, &ws, 0, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return 126
		case got != pid:
		case ws.Signaled():
			return 128 + int(ws.Signal())
		case ws.Exited():
			return ws.ExitStatus()
		}
	}
}

// output carries the command's output to the ports, through pipes for the
// same reason as its input.
type output struct {
	stdout, stderr *os.File // the command's ends
	copies         sync.WaitGroup
}

func outputs(req wire.Request, ports map[string]*os.File) (*output, error) {
	var o output
	var err error
	if o.stdout, err = o.pipe(ports[wire.Stdout]); err != nil {
		return nil, err
	}
	o.stderr = o.stdout
	if !req.Merge {
		if o.stderr, err = o.pipe(ports[wire.Stderr]); err != nil {
			return nil, err
		}
	}
	return &o, nil
}

func (o *output) pipe(port *os.File) (*os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	o.copies.Go(func() { _, _ = io.Copy(port, r) })
	return w, nil
}

func (o *output) closeWriters() {
	o.stdout.Close()
	o.stderr.Close()
}
