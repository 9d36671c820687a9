// SPDX-License-Identifier: Apache-2.0

// Package wire is what the machine and the program inside the virtual machine
// say to each other: one Request down the control port, and up it Messages, of
// which the last has the Result; each is one line of JSON.
package wire

import "time"

// Names of the virtio-serial ports, as the guest finds them in
// /sys/class/virtio-ports/*/name. A command's output has ports of its own, so
// that it is never mixed with the kernel's console.
const (
	Control = "tcni.control"
	Stdin   = "tcni.stdin"
	Stdout  = "tcni.stdout"
	Stderr  = "tcni.stderr"
)

// Tags of the 9p shares. The shares of Request.Shares are Share0, Share1, ….
const (
	RootTag  = "root"
	ShareTag = "share"
)

// EarlyDir is where the initramfs holds the modules that the guest loads
// before it has a root, one file each; sorted by name they are in an order
// in which each finds what it depends on.
const EarlyDir = "early"

// Request is the command to run and the machine to make for it.
type Request struct {
	Argv     []string
	Dir      string   // working directory
	Env      []string // key=value
	Stdin    bool     // false: /dev/null
	Merge    bool     // standard error goes where standard output goes
	Hostname string
	Time     int64         // nanoseconds since 1970: the guest sets its clock by it
	Modules  string        // directory on the machine that becomes /lib/modules/RELEASE
	Release  string        // of the kernel
	Shares   []string      // directories of the machine that the guest may write
	Beat     time.Duration // how often the guest gives a sign of life; 0: once, when it has read this
}

// Message is a sign of life, or the result.
type Message struct {
	Alive  time.Duration // since the boot
	Result *Result       `json:",omitempty"`
}

// Result is how the command ended.
type Result struct {
	Status int    // 0..255; 128+n when signal n ended it, 126 or 127 when it could not be started
	Error  string // the guest could not be set up; Status means nothing
}
