// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/vm"
	"tcni.dev/pkg/rtnl"
)

// Places to run in.
const (
	onAuto    = "auto"
	onMachine = "machine"
	onVM      = "vm"
)

// needed are the kinds of qdiscs that the demo's cases are made of.
var needed = []string{"netem", "htb", "tbf", "pfifo"}

// here tells whether to run on this kernel.
func (o options) here() (bool, error) {
	if o.on == onVM {
		return false, nil
	}
	missing, err := missing()
	switch {
	case err != nil:
		return false, fmt.Errorf("ask the kernel: %w", err)
	case len(missing) == 0:
		return true, nil
	case o.on == onMachine:
		return false, fmt.Errorf("this kernel has no %s", strings.Join(missing, ", no "))
	}
	o.progress("this machine's kernel has no " + strings.Join(missing, ", no ") + ": starting one that has, in a virtual machine")
	return false, nil
}

// missing asks in a namespace of its own, which ends with its thread.
func missing() ([]string, error) {
	type answer struct {
		kinds []string
		err   error
	}
	done := make(chan answer)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with its namespace
		kinds, err := probe()
		done <- answer{kinds, err}
	}()
	a := <-done
	return a.kinds, a.err
}

func probe() (missing []string, err error) {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return nil, fmt.Errorf("unshare: %w", err)
	}
	conn, err := rtnl.Open("")
	if err != nil {
		return nil, err
	}
	for _, kind := range needed {
		has, perr := conn.Probe(kind)
		err = errors.Join(err, perr)
		if !has {
			missing = append(missing, kind)
		}
	}
	return missing, errors.Join(err, conn.Close())
}

// inVM runs this program again in a virtual machine, with the binaries that
// are there already: compiling is slow in it. Its clock counts instructions, so
// that what is measured does not depend on how busy this machine is.
func (o options) inVM(ctx context.Context, bin string) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	cfg := vm.Config{
		Argv: append([]string{self}, o.args()...), Env: append(os.Environ(), lab.BinEnv+"="+bin),
		Stdout: os.Stdout, Stderr: os.Stderr, Progress: os.Stderr,
		Icount: 1, Memory: 1024, Timeout: 3 * time.Minute,
	}
	if o.quiet {
		cfg.Progress = io.Discard
	}
	return vm.Run(ctx, cfg)
}
