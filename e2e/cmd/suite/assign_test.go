// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAssign(t *testing.T) {
	tests := []string{"TestGC", "TestNetemDelay", "TestWithoutNetem"}
	all := []string{"TestGC", "TestNetemDelay"}
	for _, tc := range []struct {
		name             string
		allInVM, machine bool
		want             []place
	}{
		{"machine without netem", false, false, []place{
			{tests: []string{"TestGC", "TestWithoutNetem"}}, {vm: true, tests: []string{"TestNetemDelay"}}}},
		{"machine with netem", false, true, []place{
			{tests: all}, {vm: true, noNetem: true, tests: []string{"TestWithoutNetem"}}}},
		{"all in a virtual machine", true, true, []place{
			{vm: true, tests: all}, {vm: true, noNetem: true, tests: []string{"TestWithoutNetem"}}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := assign(tests, tc.allInVM, tc.machine)
			if d := cmp.Diff(tc.want, got, cmp.AllowUnexported(place{})); d != "" {
				t.Error(d)
			}
		})
	}
}
