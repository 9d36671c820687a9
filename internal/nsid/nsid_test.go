// SPDX-License-Identifier: Apache-2.0

package nsid

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"
)

func TestIsOwn(t *testing.T) {
	for _, c := range []struct {
		path string
		own  bool
		err  error
	}{
		{Own, true, nil},
		{"/proc/self/ns/net", true, nil},
		{"/proc/self/ns/pid", false, nil},
		{"/nowhere", false, unix.ENOENT},
		{"", false, unix.ENOENT},
	} {
		if own, err := IsOwn(c.path); own != c.own || !errors.Is(err, c.err) {
			t.Errorf("%q: %v, %v; want %v, %v", c.path, own, err, c.own, c.err)
		}
	}
}
