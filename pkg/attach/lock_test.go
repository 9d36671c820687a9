// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestDisplaced has a record written, or taken away, by who locked the one that
// was there before ADD or DEL.
func TestDisplaced(t *testing.T) {
	added := Record{Identity: Identity{"net", "c1", "eth0"}, Netns: "/added"}
	was := Record{Identity: added.Identity, Netns: "/was"}
	for name, do := range map[string]func(*lock) error{
		"write":  func(l *lock) error { return l.write(was) },
		"unlink": (*lock).unlink,
	} {
		t.Run(name, func(t *testing.T) {
			r := Records{Dir: t.TempDir() + "/run"}
			lock := func() *lock {
				l, err := r.tryLock(was.Mark())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(l.release)
				return l
			}
			if err := write(r, was); err != nil {
				t.Fatal(err)
			}
			l := lock()
			if err := write(r, added); err != nil {
				t.Fatal(err)
			}
			if err := do(l); !errors.Is(err, ErrGone) {
				t.Errorf("after ADD: %v", err)
			}
			if rec, err := r.Read(was.Mark()); err != nil || rec.Netns != added.Netns {
				t.Errorf("after ADD: %+v, %v", rec, err)
			}
			l = lock()
			if err := r.Remove(was.Mark()); err != nil {
				t.Fatal(err)
			}
			if err := do(l); !errors.Is(err, ErrGone) {
				t.Errorf("after DEL: %v", err)
			}
			if _, err := os.Stat(r.Dir); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("after DEL there is something: %v", err)
			}
		})
	}
}

// TestWritersAtOnce has ADD and sessions write the record at the same time: it
// is always one of theirs as a whole, and ADD's is never lost.
func TestWritersAtOnce(t *testing.T) {
	r := Records{Dir: t.TempDir() + "/run"}
	id := Identity{"net", "c1", "eth0"}
	long := must(t, `{"rules":[`+strings.Repeat(`{"match":{"port":80},"rate":"1mbit"},`, 200)+`{"match":{"port":81}}]}`)
	if err := write(r, Record{Identity: id}); err != nil {
		t.Fatal(err)
	}
	stop, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			l, err := r.tryLock(id.Mark())
			if err != nil {
				continue
			}
			rec := Record{Identity: id, Netns: "session"}
			if i%2 == 0 {
				rec.Egress = long
			}
			if err := l.write(rec); err != nil && !errors.Is(err, ErrGone) {
				t.Errorf("session: %v", err)
			}
			l.release()
		}
	}()
	for i := range 300 {
		rec := Record{Identity: id, Netns: "ADD"}
		if i%2 == 0 {
			rec.Ingress = long
		}
		fd, err := r.Write(rec)
		if err != nil {
			t.Fatalf("ADD: %v", err)
		}
		var got Record
		for try := 0; got.Netns != "ADD" && try < 1000; try++ { // a session may be about to put it back
			if got, err = r.Read(id.Mark()); err != nil {
				t.Fatal(err)
			}
		}
		if got.Netns != "ADD" {
			t.Fatal("ADD's record was lost")
		}
		unix.Close(fd)
	}
	close(stop)
	<-done
	if files, err := filepath.Glob(r.Dir + "/*"); err != nil || len(files) != 1 {
		t.Errorf("files: %v, %v", files, err)
	}
}
