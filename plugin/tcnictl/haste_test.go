// SPDX-License-Identifier: Apache-2.0

package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// TestHasten holds that of plays that overlap the last one's end, and no other,
// makes the process what it was.
func TestHasten(t *testing.T) {
	type state struct {
		gcPercent int
		memory    int64
		procs     int
	}
	now := func() state {
		percent := debug.SetGCPercent(-1)
		debug.SetGCPercent(percent)
		return state{percent, debug.SetMemoryLimit(-1), runtime.GOMAXPROCS(0)}
	}
	before := now()
	first := hasten()
	fast := now()
	if fast == before || fast.gcPercent != -1 {
		t.Errorf("hastened: %+v, before %+v", fast, before)
	}
	second := hasten()
	first()
	if got := now(); got != fast {
		t.Errorf("one has ended: %+v, want %+v", got, fast)
	}
	third := hasten()
	second()
	third()
	if got := now(); got != before {
		t.Errorf("all have ended: %+v, want %+v", got, before)
	}
}
