// SPDX-License-Identifier: Apache-2.0

package attach

import "testing"

// TestRemoveWhereIptablesCannotRun holds that a host without iptables lets DEL
// pass: nothing can have been made there.
func TestRemoveWhereIptablesCannotRun(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if err := removeExemption(Identity{"net", "c1", "eth0"}.Mark()); err != nil {
		t.Error(err)
	}
}
