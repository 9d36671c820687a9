// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"fmt"

	"golang.org/x/sys/unix"
)

func kernel() (string, error) {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return "", fmt.Errorf("uname: %w", err)
	}
	return unix.ByteSliceToString(u.Release[:]), nil
}

// before tells whether this kernel is older than version, major·1000 + minor.
func before(version int) bool {
	release, err := kernel()
	var major, minor int
	if _, serr := fmt.Sscanf(release, "%d.%d", &major, &minor); err != nil || serr != nil {
		return false
	}
	return major*1000+minor < version
}
