// SPDX-License-Identifier: Apache-2.0

package install

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long an installation waits for another one. Whoever may read the directory can
// lock it: it must not be for ever.
const patience = 10 * time.Second

// lockDirs locks directories against others that install at the same time (flock(2)), until the
// function that it returns is called. What is not there needs no lock.
func lockDirs(wait time.Duration, paths ...string) (unlock func(), err error) {
	var dirs []*os.File
	unlock = func() {
		for _, d := range dirs {
			_ = d.Close() // which unlocks it
		}
	}
	until := time.Now().Add(wait)
	for _, path := range paths {
		d, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			unlock()
			return nil, err
		}
		dirs = append(dirs, d)
		if len(dirs) == 2 && sameFile(dirs[0], d) {
			continue // one directory for both
		}
		if err := flock(d, until); err != nil {
			unlock()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
	}
	return unlock, nil
}

func flock(d *os.File, until time.Time) error {
	for {
		err := unix.Flock(int(d.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return err
		}
		if time.Now().After(until) {
			return errors.New("another process holds it: wait for it to end")
		}
		time.Sleep(settle)
	}
}

func sameFile(a, b *os.File) bool {
	x, errX := a.Stat()
	y, errY := b.Stat()
	return errX == nil && errY == nil && os.SameFile(x, y)
}
