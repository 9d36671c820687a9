// SPDX-License-Identifier: Apache-2.0

package vm

import "fmt"

// ExitError says that the command ran and did not return 0.
type ExitError struct {
	Status int // 1..255: its exit status, or 128 + the signal that ended it
}

func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Status) }

// GuestError says that the command did not run to its end: the guest did not
// boot or could not be set up, its kernel panicked, it froze (the cause is then
// ErrFrozen), qemu was killed, or the time was over (context.DeadlineExceeded).
type GuestError struct {
	Cause   error
	Console []string // the last lines, oldest first
}

func (e *GuestError) Error() string {
	s := fmt.Sprintf("guest: %v", e.Cause)
	for _, line := range e.Console {
		s += "\n  console: " + line
	}
	return s
}

func (e *GuestError) Unwrap() error { return e.Cause }
