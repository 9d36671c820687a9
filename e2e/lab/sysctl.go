// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"errors"
	"fmt"
	"os"
)

// sysctl is a file below /proc/sys and its value; those below net/ belong to the thread's own
// network namespace.
type sysctl struct{ path, value string }

// nodeSysctls make the node a router. Duplicate address detection would keep every IPv6 address
// unusable for a second.
var nodeSysctls = []sysctl{
	{"net/ipv4/ip_forward", "1"},
	{"net/ipv6/conf/all/forwarding", "1"},
	{"net/ipv4/conf/all/rp_filter", "0"},
	{"net/ipv4/conf/default/rp_filter", "0"},
	{"net/ipv6/conf/all/accept_dad", "0"},
	{"net/ipv6/conf/default/accept_dad", "0"},
}

// containerSysctls leave everything but duplicate address detection as a runtime would.
var containerSysctls = nodeSysctls[4:]

// setSysctls skips those that do not exist: a kernel may have no IPv6.
func setSysctls(list []sysctl) error {
	for _, s := range list {
		err := os.WriteFile("/proc/sys/"+s.path, []byte(s.value), 0)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("sysctl: %w", err)
		}
	}
	return nil
}
