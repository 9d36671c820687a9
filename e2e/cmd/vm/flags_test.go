// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tcni.dev/e2e/vm"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want vm.Config
		err  string
	}{
		{"command", []string{"--", "uname", "-r"}, vm.Config{Argv: []string{"uname", "-r"}}, ""},
		{"flags end at the command", []string{"-cpus", "4", "ls", "-v"}, vm.Config{CPUs: 4, Argv: []string{"ls", "-v"}}, ""},
		{"all", []string{"-kernel", "trixie", "-mem", "3G", "-timeout", "90s", "-share", "a", "-share", "b,c", "-icount", "2", "-again", "--", "x"},
			vm.Config{Kernel: "trixie", Memory: 3072, Timeout: 90 * time.Second, Shares: []string{"a", "b,c"}, Icount: 2, Again: true, Argv: []string{"x"}}, ""},
		{"no command", []string{"-cpus", "1"}, vm.Config{}, "no command"},
		{"memory", []string{"-mem", "2", "x"}, vm.Config{}, `invalid value "2" for flag -mem: size "2": want a number and M or G`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parse(tt.args)
			if tt.err != "" {
				if err == nil || err.Error() != tt.err {
					t.Fatalf("error is %v, want %s", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("config (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStatus(t *testing.T) {
	tests := []struct {
		err  error
		want int
	}{
		{nil, 0},
		{&vm.ExitError{Status: 3}, 3},
		{&vm.GuestError{Cause: fmt.Errorf("late: %w", context.DeadlineExceeded)}, 124},
		{errors.New("no qemu"), 125},
	}
	for _, tt := range tests {
		if got := status(tt.err, io.Discard); got != tt.want {
			t.Errorf("status of %v is %d, want %d", tt.err, got, tt.want)
		}
	}
}
