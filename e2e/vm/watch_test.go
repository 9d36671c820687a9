// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A guest that stops is ended, and its command runs in another.
func TestBootFrozen(t *testing.T) {
	needsVM(t)
	const memory = 1999 // by which to know it
	var progress strings.Builder
	stdout := &closer{close: func() error { return stopQemu(memory) }}
	cfg := Config{
		Argv: []string{"sh", "-c", "echo started; sleep 1"}, Stdout: stdout,
		Memory: memory, Timeout: 3 * time.Minute, Again: true, Progress: &progress,
	}
	if err := runWatched(t.Context(), cfg, [2]time.Duration{bootLimit, 20 * time.Second}); err != nil {
		t.Error(err)
	}
	if got, want := stdout.String(), "started\nstarted\n"; got != want {
		t.Errorf("standard output is %q, want %q", got, want)
	}
	if want := "the guest froze: its last sign of life was 20s ago"; !strings.Contains(progress.String(), want) {
		t.Errorf("progress is %q, want %q in it", progress.String(), want)
	}
}

// stopQemu stops the first qemu of ours that has so many MiB.
func stopQemu(memory int) error {
	files, _ := filepath.Glob("/proc/self/task/*/children")
	for _, file := range files {
		children, _ := os.ReadFile(file)
		for _, child := range strings.Fields(string(children)) {
			args, _ := os.ReadFile("/proc/" + child + "/cmdline")
			if slices.Contains(strings.Split(string(args), "\x00"), fmt.Sprintf("%dM", memory)) {
				pid, _ := strconv.Atoi(child)
				return unix.Kill(pid, unix.SIGSTOP)
			}
		}
	}
	return errors.New("no qemu")
}

// A guest that is ended for its silence tells where it was.
func TestBootBacktrace(t *testing.T) {
	needsVM(t)
	cfg := Config{Argv: []string{"sleep", "1000"}, Timeout: 3 * time.Minute}
	err := runWatched(t.Context(), cfg, [2]time.Duration{bootLimit, time.Second}) // less than from one beat to the next
	var guest *GuestError
	if !errors.As(err, &guest) || !errors.Is(err, ErrFrozen) {
		t.Fatalf("error is %v, want a frozen guest", err)
	}
	for _, want := range []string{"Kernel panic - not syncing: NMI", "NMI backtrace for cpu 1"} {
		if !slices.ContainsFunc(guest.Console, func(line string) bool { return strings.Contains(line, want) }) {
			t.Errorf("the console lacks %q:\n%s", want, strings.Join(guest.Console, "\n"))
		}
	}
}

// A guest that never boots is told from one that stops later.
func TestWatch(t *testing.T) {
	for _, tc := range []struct {
		name  string
		beats int
		want  string
	}{
		{"no boot", 0, "the guest froze: it did not boot in 10ms"},
		{"silence", 1, "the guest froze: its last sign of life was 1s ago, 7s after its boot"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ended := make(chan error, 1)
			w := &watch{limits: [2]time.Duration{10 * time.Millisecond, time.Second}, end: func(err error) { ended <- err }}
			if tc.beats > 0 {
				w.limits[0] = time.Hour
			}
			w.start()
			defer w.stop()
			for range tc.beats {
				w.beat(7*time.Second, false)
			}
			if err := <-ended; err.Error() != tc.want || w.verdict() != err {
				t.Errorf("error is %v, want %s", err, tc.want)
			}
		})
	}
}

// The last sign that a guest promised is followed by no wait.
func TestWatchOnce(t *testing.T) {
	var ended bytes.Buffer
	w := &watch{limits: [2]time.Duration{time.Hour, 0}, end: func(err error) { fmt.Fprint(&ended, err) }}
	w.start()
	w.beat(time.Second, true)
	if w.timer.Stop() {
		t.Error("it waits")
	}
	if w.verdict() != nil {
		t.Error(w.verdict())
	}
}
