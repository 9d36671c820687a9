// SPDX-License-Identifier: Apache-2.0

// Command peak runs a program and prints the most memory that it had resident,
// in KiB. It is small itself: what getrusage(2) tells of a child begins with the
// memory of the process that started it (exec_mmap in fs/exec.c).
package main

import (
	"fmt"
	"os"
	"syscall"
)

func main() {
	if len(os.Args) != 2 {
		fail("usage: peak PROGRAM <STDIN")
	}
	// The program's result goes to standard error, so that ours is alone.
	pid, err := syscall.ForkExec(os.Args[1], os.Args[1:], &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 2, 2}})
	if err != nil {
		fail(err)
	}
	var status syscall.WaitStatus
	var usage syscall.Rusage
	if _, err := syscall.Wait4(pid, &status, 0, &usage); err != nil {
		fail(err)
	}
	if status != 0 {
		fail("exit status ", status.ExitStatus())
	}
	fmt.Println(usage.Maxrss)
}

func fail(why ...any) {
	fmt.Fprintln(os.Stderr, append([]any{"peak:"}, why...)...)
	os.Exit(1)
}
