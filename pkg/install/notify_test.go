// SPDX-License-Identifier: Apache-2.0

package install

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestNotify tells the runtime, which watches the configuration directory, also where the directory
// or the file is a link; and the file that is live is not opened for it.
func TestNotify(t *testing.T) {
	for _, link := range []string{"", "directory", "file"} {
		n := newNode(t, map[string]string{"10-a.conflist": flannel})
		path := filepath.Join(n.ConfDir, "10-a.conflist")
		switch link {
		case "directory":
			if err := os.Symlink("net.d", n.ConfDir+".link"); err != nil {
				t.Fatal(err)
			}
			n.ConfDir += ".link/" // as many write it
		case "file":
			moved := filepath.Join(filepath.Dir(n.ConfDir), "10-a.conflist")
			if err := errors.Join(os.Rename(path, moved), os.Symlink(moved, path)); err != nil {
				t.Fatal(err)
			}
		}
		w, err := watchDir(n.ConfDir)
		if err != nil {
			t.Fatal(err)
		}
		n.install()
		seen := w.seen(t)
		w.close()
		if seen[".10-a.conflist"+tempSuffix]&unix.IN_DELETE == 0 {
			t.Errorf("link %q: a runtime sees %v", link, seen)
		}
		if seen["10-a.conflist"]&unix.IN_CLOSE_WRITE != 0 {
			t.Errorf("link %q: the live file was written to", link)
		}
	}
}

// seen are the events by now, by file.
func (w dirWatch) seen(t *testing.T) map[string]uint32 {
	t.Helper()
	if err := w.events.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1<<16)
	n, err := w.events.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]uint32{}
	for rest := buf[:n]; len(rest) > 0; {
		le := func(i int) uint32 {
			return uint32(rest[i]) | uint32(rest[i+1])<<8 | uint32(rest[i+2])<<16 | uint32(rest[i+3])<<24
		}
		end := unix.SizeofInotifyEvent + int(le(12))
		seen[strings.TrimRight(string(rest[unix.SizeofInotifyEvent:end]), "\x00")] |= le(4)
		rest = rest[end:]
	}
	return seen
}
