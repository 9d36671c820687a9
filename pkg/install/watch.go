// SPDX-License-Identifier: Apache-2.0

package install

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// interval is how often Watch looks without being told that anything changed: inotify(7) tells
// nothing of a directory that was replaced, nor on some network file systems.
const interval = 10 * time.Second

// settle is how long Watch waits for further changes after one.
const settle = 20 * time.Millisecond

// pace is how long Watch waits before it looks again. Whoever else wants the last place in the chain
// undoes each change: from one to the next it waits twice as long, up to slowest.
type pace time.Duration

const slowest = time.Second

func (p pace) after(changed bool) pace {
	if !changed {
		return pace(settle)
	}
	return min(2*p, pace(slowest))
}

// Report is told what Watch did: changes that were made, or why they could not be. A state that
// lasts is reported once. [ErrNoNetwork] is not an error to act on: Watch waits for the main plugin.
type Report func(Changes, error)

// Watch installs, and again whenever the main plugin writes its file anew, until ctx ends; with
// o.Withdraw it uninstalls then. The error is of the watch itself, of an entry that the plugin does
// not take, or of that uninstall.
func Watch(ctx context.Context, o Options, report Report) error {
	last, pause := "", pace(settle)
	for ctx.Err() == nil {
		// Before the look: what changes after it is told by the watch.
		w, watchErr := watchDir(o.confDir())
		c, err := Install(o)
		if errors.Is(err, ErrEntry) {
			w.close()
			return err
		}
		if err == nil && c.Empty() {
			err = watchErr // the node's instances of inotify are few: it looks at intervals then
		}
		if err == nil && !c.Empty() || err != nil && err.Error() != last {
			report(c, err)
		}
		last = fmt.Sprint(err)
		pause = pause.after(!c.Empty())
		w.wait(ctx, time.Duration(pause))
		w.close()
	}
	if !o.Withdraw {
		return nil
	}
	c, err := Uninstall(o)
	if err != nil {
		return err
	}
	report(c, nil)
	return c.Left()
}

// dirWatch is told of changes in a directory by inotify(7). The zero value is told nothing.
type dirWatch struct{ events *os.File }

// events of files that came to be, in whatever way: not of one being written, which is not whole.
const events = unix.IN_CLOSE_WRITE | unix.IN_MOVED_TO | unix.IN_MOVED_FROM | unix.IN_DELETE | unix.IN_DELETE_SELF

// watchDir watches nothing where there is no directory yet.
func watchDir(dir string) (dirWatch, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return dirWatch{}, fmt.Errorf("watch %s: %w", dir, err)
	}
	w := dirWatch{os.NewFile(uintptr(fd), "inotify")}
	if _, err := unix.InotifyAddWatch(fd, dir, events); err != nil && !errors.Is(err, unix.ENOENT) {
		w.close()
		return dirWatch{}, fmt.Errorf("watch %s: %w", dir, err)
	}
	return w, nil
}

// wait returns when something has changed and a pause has passed, when interval has passed, or when
// ctx ends.
func (w dirWatch) wait(ctx context.Context, pause time.Duration) {
	if w.events == nil {
		sleep(ctx, interval)
		return
	}
	_ = w.events.SetReadDeadline(time.Now().Add(interval)) // fails on a closed file only
	defer context.AfterFunc(ctx, func() { _ = w.events.SetReadDeadline(time.Now()) })()
	buf := make([]byte, 4096)
	if _, err := w.events.Read(buf); err == nil {
		sleep(ctx, pause)
	}
}

func (w dirWatch) close() {
	if w.events != nil {
		_ = w.events.Close()
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
