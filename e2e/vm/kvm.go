// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// kvmTimeout bounds the probe. Where KVM works, a guest takes less than three seconds.
const kvmTimeout = 10 * time.Second

// kvmWorks says whether a guest like g runs with KVM. It tries once after
// each boot of the machine: /dev/kvm alone says nothing, it may be there and
// hang, or serve some kernels only.
func (c cache) kvmWorks(ctx context.Context, g guest) bool {
	dev, err := os.OpenFile("/dev/kvm", os.O_RDWR, 0)
	if err != nil {
		return false
	}
	dev.Close()
	unlock, err := c.lock(ctx)
	if err != nil {
		return false
	}
	defer unlock()
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	file := filepath.Join(c.dir, "kvm-"+g.kernel.Name)
	yes, no := string(boot)+"works\n", string(boot)+"does not work\n"
	if b, err := os.ReadFile(file); err == nil && (string(b) == yes || string(b) == no) {
		return string(b) == yes
	}
	fmt.Fprintln(c.progress, "vm: trying whether KVM works, once")
	answer := no
	if g.probe(ctx) == nil {
		answer = yes
	}
	if ctx.Err() == nil { // interrupted: nothing was learnt
		_ = os.WriteFile(file, []byte(answer), 0o644) // a cache: without it the next run tries again
	}
	return answer == yes
}

// probe runs true in a guest like g, with KVM.
func (g guest) probe(ctx context.Context) error {
	g.accel = kvm
	g.cfg.Argv, g.cfg.Shares, g.cfg.Stdin = []string{"true"}, nil, nil
	g.cfg.Stdout, g.cfg.Stderr, g.cfg.Console = io.Discard, io.Discard, io.Discard
	g.cfg.Timeout = kvmTimeout
	return g.run(ctx)
}
