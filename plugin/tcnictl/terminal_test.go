// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal opens a pseudo-terminal's user side.
func terminal(t *testing.T) *os.File {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { screen.Close() })
	if err := unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	user, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { user.Close() })
	return user
}

// TestServersTerminal holds that play takes the keys of its own terminal, and
// leaves that of a server alone.
func TestServersTerminal(t *testing.T) {
	tty := terminal(t)
	modes := func() uint32 {
		state, err := unix.IoctlGetTermios(int(tty.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		return state.Lflag
	}
	before := modes()
	p := testProcess()
	p.in, p.interactive = tty, isTerminal
	for _, c := range []struct {
		process *process
		taken   bool
	}{{p, true}, {p.unattended(), false}} {
		keys, release := c.process.keys()
		if taken := keys != nil; taken != c.taken || taken != (modes() != before) {
			t.Errorf("takes keys: %v, want %v; modes %x, before %x", taken, c.taken, modes(), before)
		}
		release()
		if now := modes(); now != before {
			t.Errorf("released: modes %x, want %x", now, before)
		}
	}
}
