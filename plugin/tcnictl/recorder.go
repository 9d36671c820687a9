// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"

	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/scenario"
)

// entry is one line of --record: what is in force from a time on.
type entry struct {
	Time       time.Time       `json:"time"`
	At         float64         `json:"at"`   // seconds, of the scenario
	Late       float64         `json:"late"` // seconds
	Step       string          `json:"step"`
	Attachment string          `json:"attachment"`
	Mark       string          `json:"mark"`
	Egress     *conf.Direction `json:"egress"`
	Ingress    *conf.Direction `json:"ingress"`
}

// recorder writes entries while the player goes on.
type recorder struct {
	entries chan entry
	done    chan error
}

// recorderQueue is how many entries may wait for a disk: a second of many.
const recorderQueue = 4096

// openLog opens what --record and --output ask for.
func (p *process) openLog(o playOptions) (*recorder, error) {
	form, err := p.form("text", "json")
	switch {
	case err != nil:
		return nil, err
	case o.record != "":
		f, err := os.Create(o.record)
		if err != nil {
			return nil, err
		}
		return newRecorder(f), nil
	case form == "json":
		return newRecorder(unclosed{p.out}), nil
	}
	return nil, nil
}

type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

func newRecorder(w io.WriteCloser) *recorder {
	r := &recorder{make(chan entry, recorderQueue), make(chan error, 1)}
	go func() {
		buffer := bufio.NewWriter(w)
		lines := json.NewEncoder(buffer)
		var failed error
		for e := range r.entries {
			if failed == nil {
				failed = lines.Encode(e)
			}
			if len(r.entries) == 0 { // a reader need not wait
				failed = errors.Join(failed, buffer.Flush())
			}
		}
		r.done <- errors.Join(failed, buffer.Flush(), w.Close())
	}()
	return r
}

// add does nothing where nothing is recorded.
func (r *recorder) add(k attach.Known, d scenario.Done) {
	if r != nil {
		r.entries <- entry{d.Time, d.At.Seconds(), d.Late.Seconds(), d.Step, k.String(), string(k.Mark), d.Shape.Egress, d.Shape.Ingress}
	}
}

// Close waits until all is written.
func (r *recorder) Close() error {
	if r == nil {
		return nil
	}
	close(r.entries)
	return <-r.done
}
