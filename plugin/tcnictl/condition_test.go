// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// kernelCan is what scripts ask of the kernel. "u32counts" is whether u32 counts
// what its nodes take (CONFIG_CLS_U32_PERF), as tc has it, which is none of ours.
// A kernel of Debian's does: that it does not is an error.
func kernelCan(what string) (bool, error) {
	if what != "u32counts" {
		return false, fmt.Errorf("unknown condition %s", what)
	}
	out, err := exec.Command("unshare", "--net", "sh", "-ec", `tc qdisc add dev lo root handle 1: htb
		tc filter add dev lo parent 1: protocol ip pref 1 u32 match u32 0 0 classid 1:1
		tc -s filter show dev lo`).CombinedOutput()
	if err != nil {
		return false, fmt.Errorf("a u32 filter: %w: %s", err, out)
	}
	version, err := os.ReadFile("/proc/version")
	if err != nil {
		return false, err
	}
	counts := strings.Contains(string(out), "rule hit")
	if !counts && strings.Contains(string(version), "debian-kernel@lists.debian.org") {
		return false, errors.New("u32 does not count, on a kernel of Debian's")
	}
	return counts, nil
}
