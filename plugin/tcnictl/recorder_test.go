// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"testing"

	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/scenario"
)

// TestRecorderDeaf holds that a reader that stopped reading does not keep a play
// that was stopped, and that one that has gone ends it.
func TestRecorderDeaf(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	r, w := io.Pipe()
	failed := make(chan bool, 1)
	log := newRecorder(w, func() { failed <- true })
	stop()
	for range 2 * recorderQueue {
		log.add(ctx, attach.Known{}, scenario.Done{})
	}
	gone := errors.New("the reader has gone")
	r.CloseWithError(gone)
	<-failed
	if err := log.Close(); !errors.Is(err, gone) {
		t.Errorf("%v, want %v", err, gone)
	}
}
