// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tcni.dev/e2e/vm/wire"
)

// openPorts opens the four ports by name. The driver announces a port some
// milliseconds after it was loaded, so it waits for them, a minute at most.
func openPorts() (map[string]*os.File, error) {
	ports := map[string]*os.File{wire.Control: nil, wire.Stdin: nil, wire.Stdout: nil, wire.Stderr: nil}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(2 * time.Millisecond) {
		missing, err := openNew(ports)
		if err != nil {
			return nil, err
		}
		if missing == 0 {
			return ports, nil
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("virtio-serial: %d ports did not appear", missing)
		}
	}
}

// openNew opens those ports that are there and not open yet, and counts the others.
func openNew(ports map[string]*os.File) (missing int, err error) {
	names, _ := filepath.Glob("/sys/class/virtio-ports/*/name")
	for _, path := range names {
		b, err := os.ReadFile(path)
		name := strings.TrimSpace(string(b))
		if f, known := ports[name]; err != nil || !known || f != nil {
			continue
		}
		ports[name], err = os.OpenFile("/dev/"+filepath.Base(filepath.Dir(path)), os.O_RDWR, 0)
		if err != nil {
			return 0, fmt.Errorf("open port: %w", err)
		}
	}
	for _, f := range ports {
		if f == nil {
			missing++
		}
	}
	return missing, nil
}
