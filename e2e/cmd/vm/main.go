// SPDX-License-Identifier: Apache-2.0

// Command vm runs a command in a virtual machine with a kernel that has netem.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"tcni.dev/e2e/vm"
)

const usage = `usage: vm [flags] [--] COMMAND [ARGUMENT…]

Runs COMMAND in a virtual machine that has the files of this machine, in the
current directory and environment, and exits with its status. What it writes
outside of a -share is gone afterwards. Needs root, and qemu: e2e/setup vm

  -kernel NAME   Debian suite that the kernel comes from (default %s):
                 %s
  -mem SIZE      memory, as in 512M, 2G (default 2G)
  -cpus N        (default 2, with -icount 1)
  -timeout TIME  for everything, boot included (default 10m)
  -again         when the machine froze, run COMMAND in a second one; what the
                 first one wrote has been written
  -share DIR     directory that COMMAND may write; may be repeated
  -icount N      the guest's clock counts instructions, 2^N ns each (1..10): what
                 it measures does not depend on how busy this machine is
  -v             show the kernel's console

Exit status: COMMAND's; 124 after -timeout, 125 when the machine did not boot
or ended early, 126 when COMMAND cannot be run, 127 when there is none.

Examples
  vm -- uname -r
  vm -- sh -c 'tc qdisc add dev lo root netem delay 50ms && ping -c 3 127.0.0.1'
  vm -kernel trixie -share out -- go test -count=1 ./...
  go test -exec 'vm -timeout 5m --' ./...
`

// Exit statuses, as timeout(1) and env(1) have them.
const (
	statusTimeout = 124
	statusFailed  = 125
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string, stdout, stderr *os.File) int {
	cfg, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, help())
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "vm: %v\n\n%s", err, help())
		return statusFailed
	}
	cfg.Stdout, cfg.Stderr, cfg.Progress = stdout, stderr, stderr
	if oneFile(stdout, stderr) {
		cfg.Stderr = stdout // 2>&1: keep the order
	}
	cfg.Stdin = os.Stdin
	return status(vm.Run(ctx, cfg), stderr)
}

// status says what went wrong and turns it into an exit status.
func status(err error, stderr io.Writer) int {
	var exit *vm.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.Status
	}
	fmt.Fprintln(stderr, "vm:", strings.TrimPrefix(err.Error(), "vm: "))
	if errors.Is(err, context.DeadlineExceeded) {
		return statusTimeout
	}
	return statusFailed
}

func oneFile(a, b *os.File) bool {
	x, errX := a.Stat()
	y, errY := b.Stat()
	return errX == nil && errY == nil && os.SameFile(x, y)
}

func help() string {
	var names []string
	for _, k := range vm.Kernels {
		names = append(names, k.Name)
	}
	return fmt.Sprintf(usage, names[0], strings.Join(names, ", "))
}
