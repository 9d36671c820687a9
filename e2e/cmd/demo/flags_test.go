// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	for _, tc := range []struct {
		args     []string
		terminal bool
		want     options
		err      string
	}{
		{nil, false, options{on: onAuto}, ""},
		{nil, true, options{on: onAuto, color: true}, ""},
		{[]string{"-color", "never", "-json", "-q"}, true, options{on: onAuto, json: true, quiet: true}, ""},
		{[]string{"-color", "always", "-on", "vm"}, false, options{on: onVM, color: true}, ""},
		{[]string{"-on", "moon"}, false, options{}, `invalid value "moon" for flag -on: want auto, machine, vm`},
		{[]string{"x"}, false, options{}, `unexpected argument "x"`},
	} {
		got, err := parse(tc.args, tc.terminal)
		if tc.err != "" {
			if err == nil || err.Error() != tc.err {
				t.Errorf("%q: error is %v, want %s", tc.args, err, tc.err)
			}
			continue
		}
		if err != nil || got != tc.want {
			t.Errorf("%q: got %+v, %v, want %+v", tc.args, got, err, tc.want)
		}
	}
}

// What the guest is told must mean the same there, on this very kernel.
func TestArgs(t *testing.T) {
	for _, o := range []options{{on: onAuto}, {on: onVM, color: true, json: true, quiet: true}} {
		got, err := parse(o.args(), false)
		o.on = onMachine
		if err != nil || got != o {
			t.Errorf("%q: got %+v, %v, want %+v", o.args(), got, err, o)
		}
	}
	if !slices.Contains(options{}.args(), onMachine) {
		t.Error("the guest might start a guest")
	}
}
