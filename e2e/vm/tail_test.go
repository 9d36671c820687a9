// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTail(t *testing.T) {
	var all strings.Builder
	console := &tail{copy: &all, keep: 3}
	for _, s := range []string{"one\r\ntw", "o\n", "\nthree\n", "four\nfi", "ve"} {
		if _, err := console.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"three", "four", "five"}, console.lines()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if got := all.String(); got != "one\r\ntwo\n\nthree\nfour\nfive" {
		t.Errorf("passed on %q", got)
	}
}

func TestWhyEnded(t *testing.T) {
	tests := []struct {
		name    string
		console []string
		qemu    error
		want    string
	}{
		{"panic", []string{"[1.0] x", "[1.1] Kernel panic - not syncing: Fatal exception", "tail"}, nil, "kernel panic: Fatal exception"},
		{"qemu", nil, errors.New("exit status 1"), "qemu: exit status 1"},
		{"reboot", []string{"x"}, nil, "ended before the command did"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := whyEnded(t.Context(), &watch{}, tt.console, tt.qemu).Error(); got != tt.want {
				t.Errorf("cause is %q, want %q", got, tt.want)
			}
		})
	}
}
