// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/scenario"
)

// keyOf says what a player's keys are.
var keyOf = map[byte]scenario.Key{' ': scenario.KeyPause, 'p': scenario.KeyPause, 'n': scenario.KeyStep, 'q': scenario.KeyStop}

// keys reads a player's keys from the terminal, where there is one.
func (p *process) keys() (<-chan scenario.Key, func()) {
	typed, release := p.typed()
	if typed == nil {
		return nil, release
	}
	out := make(chan scenario.Key)
	done := make(chan struct{})
	go func() {
		for b := range typed {
			if key, ok := keyOf[b]; ok {
				select {
				case out <- key:
				case <-done:
					return
				}
			}
		}
	}()
	return out, func() { close(done); release() }
}

// typed reads keys one by one, without their being shown, until it is released.
// It returns nil where there is no terminal.
func (p *process) typed() (<-chan byte, func()) {
	f, ok := p.in.(*os.File)
	if !ok || !p.interactive(p.in) {
		return nil, func() {}
	}
	fd := int(f.Fd())
	before, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return nil, func() {}
	}
	raw := *before
	raw.Lflag &^= unix.ICANON | unix.ECHO // signals stay
	if unix.IoctlSetTermios(fd, unix.TCSETS, &raw) != nil {
		return nil, func() {}
	}
	out := make(chan byte)
	go func() { // ends with the process: a read of a terminal cannot be taken back
		b := make([]byte, 1)
		for {
			if n, err := f.Read(b); n == 0 || err != nil {
				close(out)
				return
			}
			out <- b[0]
		}
	}()
	return out, func() { _ = unix.IoctlSetTermios(fd, unix.TCSETS, before) }
}
