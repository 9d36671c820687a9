// SPDX-License-Identifier: Apache-2.0

package vm

import (
	"cmp"
	"io"
	"os"
	"time"

	"tcni.dev/e2e/vm/wire"
)

// request is what the guest is told.
func (g guest) request() wire.Request {
	hostname, _ := os.Hostname()
	return wire.Request{
		Argv:     g.cfg.Argv,
		Dir:      g.cfg.Dir,
		Env:      g.cfg.Env,
		Stdin:    g.cfg.Stdin != nil,
		Merge:    same(g.cfg.Stdout, g.cfg.Stderr),
		Hostname: cmp.Or(hostname, "vm"),
		Time:     time.Now().UnixNano(),
		Modules:  g.kernel.modules(),
		Release:  g.kernel.Release,
		Shares:   g.cfg.Shares,
		Beat:     g.beat(),
	}
}

// beat is how often the guest gives a sign of life. It asks the machine for a
// file then: a clock that counts instructions would make a leap at each.
func (g guest) beat() time.Duration {
	if g.cfg.Icount > 0 {
		return 0
	}
	return beatEvery
}

// same compares writers, of which some cannot be compared.
func same(a, b io.Writer) (equal bool) {
	defer func() { _ = recover() }()
	return a == b
}
