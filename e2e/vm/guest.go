// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"tcni.dev/e2e/vm/wire"
)

// guest is one virtual machine, for one command.
type guest struct {
	cfg       Config
	kernel    Kernel
	initramfs *os.File
	accel     accel
	silence   [2]time.Duration // how long the guest may give no sign of life: until its first, and after that
}

// consoleLines is how much of the console is kept. A panic's own line, which
// tells why the guest ended, is followed by a trace of each CPU, two of the
// one that panicked: some 80 lines for each of them under nested interrupts.
const consoleLines = 1000

// run boots the guest and waits for its end, or ends it when ctx does.
func (g guest) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, g.cfg.Timeout, fmt.Errorf("no end within %v: %w", g.cfg.Timeout, context.DeadlineExceeded))
	defer cancel()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	// The kernel kills qemu when the thread that started it ends: it must
	// not end before this process does.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	near, far, err := socketPairs(len(ports) + 1) // and one for qemu's monitor
	defer closeAll(near)
	defer closeAll(far)
	if err != nil {
		return fmt.Errorf("vm: %w", err)
	}
	console := &tail{copy: g.cfg.Console, keep: consoleLines}
	cmd := exec.CommandContext(ctx, "qemu-system-x86_64", g.qemuArgs()...)
	cmd.ExtraFiles = append([]*os.File{g.initramfs}, far...)
	cmd.Stdout, cmd.Stderr = console, console
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Setpgid:   true, // an interrupt from the terminal is ours to handle
		Pdeathsig: syscall.SIGKILL,
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("vm: %w", toolError(cmd, err, nil))
	}
	closeAll(far) // qemu's alone, so that its end is the streams' end
	ended := make(chan struct{})
	w := &watch{limits: g.silence, end: func(err error) {
		backtrace(near[len(ports)], ended)
		end(err)
	}}
	w.start()
	defer w.stop()
	result := g.serve(near, w)
	err = cmd.Wait() // after this, all that the guest has written is in the sockets
	close(ended)
	res, ok := <-result
	switch {
	case w.verdict() != nil:
		return &GuestError{w.verdict(), console.lines()}
	case ok && res.Error != "":
		return &GuestError{errors.New(res.Error), console.lines()}
	case ok && res.Status != 0:
		return &ExitError{res.Status}
	case ok:
		return nil
	}
	return &GuestError{whyEnded(ctx, w, console.lines(), err), console.lines()}
}

// whyEnded says why a guest ended that gave no result.
func whyEnded(ctx context.Context, w *watch, console []string, qemu error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w; %s", context.Cause(ctx), w.last())
	}
	for _, line := range console {
		if _, why, ok := strings.Cut(line, "Kernel panic - not syncing: "); ok {
			return fmt.Errorf("kernel panic: %s", why)
		}
	}
	if qemu != nil {
		return fmt.Errorf("qemu: %w", qemu)
	}
	return errors.New("ended before the command did")
}

// serve sends the request and carries the standard streams until qemu closes
// its ends. Its result, if there is one, arrives after all output.
func (g guest) serve(near []*net.UnixConn, w *watch) <-chan wire.Result {
	control, stdin, stdout, stderr := near[0], near[1], near[2], near[3]
	go func() {
		if g.cfg.Stdin != nil {
			_, _ = io.Copy(stdin, g.cfg.Stdin)
		}
		// Not Close: qemu forgets what it has not read when both ways end.
		_ = stdin.CloseWrite()
	}()
	var copies sync.WaitGroup
	copies.Go(func() { _, _ = io.Copy(g.cfg.Stdout, stdout) })
	copies.Go(func() { _, _ = io.Copy(g.cfg.Stderr, stderr) })
	result := make(chan wire.Result, 1)
	go func() {
		defer close(result)
		res, err := ask(control, g.request(), w)
		copies.Wait()
		if err == nil {
			result <- res
		}
	}()
	return result
}

// ask sends the request and waits for the result.
func ask(control io.ReadWriter, req wire.Request, w *watch) (res wire.Result, err error) {
	if err := json.NewEncoder(control).Encode(req); err != nil {
		return res, err
	}
	for dec := json.NewDecoder(control); ; {
		var said wire.Message
		if err := dec.Decode(&said); err != nil {
			return res, err
		}
		if said.Result != nil {
			w.stop()
			return *said.Result, nil
		}
		w.beat(said.Alive, req.Beat == 0)
	}
}
