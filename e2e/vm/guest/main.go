// SPDX-License-Identifier: Apache-2.0

// Command guest is the first process of the virtual machine: it loads what
// the root needs, makes the root, runs the one command that it is asked to
// run, and says how that ended. It is built without cgo and is the initramfs's
// /init; package vm is its other half.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/vm/wire"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "guest:", err) // the console: there is nobody else to tell
	}
	unix.Sync()
	// Restart, not power off: with qemu's -no-reboot both end it, and this
	// needs no ACPI.
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_RESTART)
}

// serve answers one request. Its error is one that could not be reported.
func serve() error {
	if err := mountAll(early); err != nil {
		return err
	}
	if err := loadEarly("/" + wire.EarlyDir); err != nil {
		return err
	}
	ports, err := openPorts()
	if err != nil {
		return err
	}
	control := ports[wire.Control]
	line, err := bufio.NewReader(control).ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read request: %w", err)
	}
	var req wire.Request
	if err := json.Unmarshal(line, &req); err != nil {
		return fmt.Errorf("decode request: %w", err)
	}
	host := newTalker(control)
	if err := host.alive(); err != nil {
		return fmt.Errorf("write sign of life: %w", err)
	}
	if req.Beat > 0 {
		go host.beat(req.Beat)
	}
	var res wire.Result
	if err := prepare(req); err != nil {
		res.Error = err.Error()
	} else {
		res.Status = run(req, ports)
	}
	unix.Sync() // what was written to the shares is there before we say so
	if err := host.say(wire.Message{Result: &res}); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}
