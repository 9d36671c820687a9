// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
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

// openLog opens what --record and --output ask for. failed is called where it
// cannot be written; Close tells why.
func (p *process) openLog(o playOptions, failed func()) (*recorder, error) {
	form, err := p.form("text", "json")
	switch {
	case err != nil:
		return nil, err
	case o.record != "":
		f, err := os.Create(o.record)
		if err != nil {
			return nil, err
		}
		return newRecorder(f, failed), nil
	case form == "json":
		return newRecorder(unclosed{p.out}, failed), nil
	}
	return nil, nil
}

type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

func newRecorder(w io.WriteCloser, failed func()) *recorder {
	r := &recorder{make(chan entry, recorderQueue), make(chan error, 1)}
	go func() {
		buffer := bufio.NewWriter(w)
		lines := json.NewEncoder(buffer)
		var first error
		check := func(err error) {
			if first == nil && err != nil {
				first = err
				failed()
			}
		}
		for e := range r.entries {
			check(lines.Encode(e))
			if len(r.entries) == 0 { // a reader need not wait
				check(buffer.Flush())
			}
		}
		check(buffer.Flush())
		r.done <- errors.Join(first, w.Close())
	}()
	return r
}

// add does nothing where nothing is recorded. Where the queue is full it waits,
// but not for longer than the play lasts: a reader may have stopped reading.
func (r *recorder) add(ctx context.Context, k attach.Known, d scenario.Done) {
	if r == nil {
		return
	}
	e := entry{d.Time, d.At.Seconds(), d.Late.Seconds(), d.Step, k.String(), string(k.Mark), d.Shape.Egress, d.Shape.Ingress}
	select {
	case r.entries <- e:
		return
	default:
	}
	select {
	case r.entries <- e:
	case <-ctx.Done():
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
