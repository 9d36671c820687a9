// SPDX-License-Identifier: Apache-2.0

package model

import (
	"fmt"
	"math/rand/v2"

	"tcni.dev/pkg/tc"
)

// Classifier returns the class that a frame goes to, tc.HandleNone if no route
// takes it.
type Classifier func(frame []byte) (tc.Handle, error)

// Compare sends n frames that are made for the routes through a classifier and
// says how the first one that it decides otherwise than the model is decided.
// Frames that skip holds for are left out; nil leaves none out.
func Compare(r *rand.Rand, routes []tc.Route, egress bool, classify Classifier, n int, skip func([]byte) bool) error {
	for range n {
		frame := Frame(r, routes, egress)
		if skip != nil && skip(frame) {
			continue
		}
		if err := Decide(routes, egress, classify, frame); err != nil {
			return err
		}
	}
	return nil
}

// Decide is Compare for one frame.
func Decide(routes []tc.Route, egress bool, classify Classifier, frame []byte) error {
	want, index := tc.HandleNone, -1
	p, ok := Parse(frame)
	if ok {
		index = First(routes, egress, p)
	}
	if index >= 0 {
		want = routes[index].Class
	}
	got, err := classify(frame)
	if err != nil {
		return fmt.Errorf("%s: %w", short(frame), err)
	}
	if got != want {
		return fmt.Errorf("%s (egress %v, %+v): got class %v, want %v by route %d", short(frame), egress, p, got, want, index)
	}
	return nil
}

func short(frame []byte) string {
	return fmt.Sprintf("frame of %d bytes, %x", len(frame), frame[:min(len(frame), 160)])
}
