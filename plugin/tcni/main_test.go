// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"
)

// TestByHand calls the plugin as no runtime does.
func TestByHand(t *testing.T) {
	for _, c := range []struct {
		arg                string
		status             int
		wantOut, wantError string
	}{
		{"--version", 0, "tcni ", ""},
		{"--help", 0, "", "tcni gives a container"},
		{"ADD", 2, "", "tcni gives a container"},
	} {
		var out, err strings.Builder
		p := process{stdout: &out, stderr: &err}
		if status := p.byHand(c.arg); status != c.status || !begins(out.String(), c.wantOut) || !begins(err.String(), c.wantError) {
			t.Errorf("tcni %s: status %d, %q, %q", c.arg, status, out.String(), err.String())
		}
	}
}

// begins tells whether text begins with some that is not "", or is empty where that is.
func begins(text, start string) bool {
	return strings.HasPrefix(text, start) && (start == "") == (text == "")
}
