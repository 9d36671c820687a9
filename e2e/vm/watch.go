// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// ErrFrozen is in the cause of a GuestError when a guest gave no sign of life
// any more. An emulated machine does that once in a long while, whatever its
// command does.
var ErrFrozen = errors.New("the guest froze")

// errNoBoot says that it did so before it had read the request.
var errNoBoot = fmt.Errorf("%w: it did not boot", ErrFrozen)

// How long a guest may be silent. A quiet machine boots it in 4 s, one whose
// two processors have fifteen processes to run in 16 s.
const (
	bootLimit    = 3 * time.Minute
	silenceLimit = 2 * time.Minute
	beatEvery    = 5 * time.Second
)

// watch ends a guest that is silent for too long: first until its first sign
// of life, then between any two.
type watch struct {
	limits [2]time.Duration // until the first sign, and after it
	end    func(error)      // of the guest; it may take its time

	mu     sync.Mutex
	timer  *time.Timer
	alive  time.Duration // the guest's clock at its last sign
	heard  time.Time     // when that was
	frozen error         // why it was ended
}

// start begins to wait for the first sign.
func (w *watch) start() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(w.limits[0], func() { w.end(w.judge()) })
}

// beat notes a sign of life. A guest that will not give another is not
// waited for.
func (w *watch) beat(alive time.Duration, last bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alive = alive
	w.heard = time.Now()
	w.timer.Stop()
	if !last {
		w.timer.Reset(w.limits[1])
	}
}

// stop ends the waiting.
func (w *watch) stop() { w.timer.Stop() }

func (w *watch) judge() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.frozen = fmt.Errorf("%w: %s", ErrFrozen, w.sign())
	if w.heard.IsZero() {
		w.frozen = fmt.Errorf("%w in %v", errNoBoot, w.limits[0])
	}
	return w.frozen
}

// sign tells of the last sign of life. A guest whose clock does not keep up
// with the machine's shows here.
func (w *watch) sign() string {
	if w.heard.IsZero() {
		return "it did not boot"
	}
	return fmt.Sprintf("its last sign of life was %v ago, %v after its boot", time.Since(w.heard).Round(time.Second), w.alive.Round(time.Second))
}

// last is sign, for who does not hold the lock.
func (w *watch) last() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sign()
}

// verdict is why the guest was ended, if it was.
func (w *watch) verdict() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.frozen
}

// lastWords is how long a guest has to tell where it is stuck. A quiet machine
// lets it end in 3 s.
const lastWords = 20 * time.Second

// backtrace has a guest's kernel panic, which writes on its console what each
// CPU is at: its command line makes it take every NMI for a failure, and end
// with it.
func backtrace(monitor io.Writer, ended <-chan struct{}) {
	if _, err := io.WriteString(monitor, "nmi\n"); err != nil {
		return
	}
	select {
	case <-ended:
	case <-time.After(lastWords):
	}
}
