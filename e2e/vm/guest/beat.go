// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"tcni.dev/e2e/vm/wire"
)

// stuck is how long the machine's files may take to answer.
const stuck = 20 * time.Second

// talker writes messages, one at a time.
type talker struct {
	mu sync.Mutex
	to *json.Encoder
}

func newTalker(w io.Writer) *talker { return &talker{to: json.NewEncoder(w)} }

// say writes one message.
func (t *talker) say(m wire.Message) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.to.Encode(m)
}

// beat gives a sign of life each time that the machine's files have answered:
// a guest that waits for those is as dead as one that does not run.
func (t *talker) beat(every time.Duration) {
	for n := 0; ; n++ {
		time.Sleep(every)
		late := time.AfterFunc(stuck, showBlocked)
		// A name that nobody has asked for: no cache knows it.
		_, _ = os.Lstat(fmt.Sprintf("/.alive-%d", n))
		late.Stop()
		if t.alive() != nil {
			return
		}
	}
}

// showBlocked writes on the console what every task is at that waits and takes
// no signal: 'w' of Documentation/admin-guide/sysrq.rst.
func showBlocked() {
	_ = os.WriteFile("/proc/sys/kernel/printk", []byte("8"), 0) // all that it has to say
	_ = os.WriteFile("/proc/sysrq-trigger", []byte("w"), 0)
}

func (t *talker) alive() error {
	var ts unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts) // it cannot fail
	return t.say(wire.Message{Alive: time.Duration(ts.Nano())})
}
