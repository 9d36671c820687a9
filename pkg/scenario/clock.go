// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

// Clock is the time that a player goes by.
type Clock interface {
	Now() time.Time
	After(time.Duration) <-chan time.Time // may be late by a millisecond
	Sleep(time.Duration)                  // must not be
}

// SystemClock is the machine's, as Go's runtime keeps it.
type SystemClock struct{}

// Now implements Clock.
func (SystemClock) Now() time.Time { return time.Now() }

// After implements Clock.
func (SystemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// Sleep implements Clock.
func (SystemClock) Sleep(d time.Duration) { time.Sleep(d) }

// ExactClock is SystemClock with the kernel's own sleep: Go's timers are those of
// epoll_wait(2), which counts in milliseconds.
type ExactClock struct{ SystemClock }

// Sleep implements Clock (clock_nanosleep(2)).
func (ExactClock) Sleep(d time.Duration) {
	left := unix.NsecToTimespec(max(int64(d), 0))
	for errors.Is(unix.ClockNanosleep(unix.CLOCK_MONOTONIC, 0, &left, &left), unix.EINTR) {
	}
}
