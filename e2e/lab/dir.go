// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// Prefix begins the name of everything that a lab leaves visible outside of its namespaces: its
// directory, and the cgroups of its pods. The process id and a number follow.
const Prefix = "tcnie2e-"

var labs atomic.Int64

// workdir is a lab's directory. Its lock is held for as long as the owner lives: a process id may
// be given to another process, a lock is not.
type workdir struct {
	path string
	lock *os.File
}

// newWorkdir makes the directory under a hidden name first, so that Sweep never sees one without
// its lock.
func newWorkdir() (*workdir, error) {
	base, err := filepath.EvalSymlinks(os.TempDir())
	if err != nil {
		return nil, fmt.Errorf("temporary directory: %w", err)
	}
	if strings.HasPrefix(base+"/", "/run/") {
		return nil, fmt.Errorf("temporary directory %s: is below /run, which the node replaces", base)
	}
	name := fmt.Sprintf("%s%d-%d", Prefix, os.Getpid(), labs.Add(1))
	hidden := filepath.Join(base, "."+name)
	if err := os.MkdirAll(hidden, 0o755); err != nil {
		return nil, fmt.Errorf("work directory: %w", err)
	}
	lock, err := os.Create(filepath.Join(hidden, "lock"))
	if err != nil {
		return nil, fmt.Errorf("work directory: %w", err)
	}
	w := &workdir{path: filepath.Join(base, name), lock: lock}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", lock.Name(), err), lock.Close())
	}
	if err := os.Rename(hidden, w.path); err != nil {
		return nil, errors.Join(fmt.Errorf("work directory: %w", err), lock.Close(), os.RemoveAll(hidden))
	}
	return w, nil
}

// remove is safe for the machine's files: what is mounted below the directory is mounted in the
// node's mount namespace only.
func (w *workdir) remove() error {
	return errors.Join(removeAll(w.path), removeCgroups(filepath.Base(w.path)), w.lock.Close())
}

// Sweep removes what labs of killed processes have left. [New] calls it; calling it at any time,
// from any number of processes, is safe.
func Sweep() error {
	var errs []error
	for _, pattern := range []string{Prefix + "*", "." + Prefix + "*"} {
		dirs, err := filepath.Glob(filepath.Join(os.TempDir(), pattern))
		errs = append(errs, err)
		for _, dir := range dirs {
			errs = append(errs, sweepDir(dir))
		}
	}
	return errors.Join(errs...)
}

func sweepDir(dir string) error {
	name := strings.TrimPrefix(filepath.Base(dir), ".")
	pid, _, _ := strings.Cut(strings.TrimPrefix(name, Prefix), "-")
	n, err := strconv.Atoi(pid)
	if err != nil || n == os.Getpid() {
		return nil // not a lab's, or our own process's
	}
	lock, err := os.Open(filepath.Join(dir, "lock"))
	if errors.Is(err, os.ErrNotExist) && errors.Is(unix.Kill(n, 0), unix.ESRCH) {
		return removeAll(dir) // killed before it had a lock
	}
	if err != nil {
		return nil // another sweep was faster, or its owner is about to lock it
	}
	defer lock.Close()
	if unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil {
		return nil // its owner lives
	}
	if strings.HasPrefix(filepath.Base(dir), ".") && !errors.Is(unix.Kill(n, 0), unix.ESRCH) {
		return nil // between create and lock
	}
	return errors.Join(removeAll(dir), removeCgroups(name))
}

// patience is for processes that have been killed and still hold what is to be removed.
const patience = time.Minute

// removeAll waits for them.
func removeAll(dir string) error {
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if err = os.RemoveAll(dir); err == nil {
			return nil
		}
	}
	return fmt.Errorf("remove: %w", err)
}
