// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/vm"
)

// Time limits of one place's tests; the virtual machine's includes its boot.
// They take four minutes on a quiet machine, with -kernel nine.
const (
	testLimit = 50 * time.Minute
	vmLimit   = 55 * time.Minute
)

// errFailed says that a test failed, which its output has told already.
var errFailed = errors.New("tests failed")

// noNetem keeps the kernel from loading modules, after those that tests need.
const noNetem = `modprobe -a sch_htb sch_tbf sch_ingress cls_u32 cls_bpf act_mirred ifb veth bridge macvlan \
		nf_tables nft_compat xt_CLASSIFY iptable_mangle ip6table_mangle &&
	echo /bin/false >/proc/sys/kernel/modprobe && exec "$@"`

// runAll runs the tests of one place after those of another, so that neither
// disturbs what the other measures.
func runAll(ctx context.Context, o options, b built, places []place) error {
	failed := false
	for _, p := range places {
		fmt.Printf("\n%s: %s\n", p, strings.Join(p.tests, " "))
		err := p.show(ctx, o, b)
		if exit := new(vm.ExitError); errors.As(err, &exit) {
			err = errFailed
		}
		if exit := new(exec.ExitError); errors.As(err, &exit) {
			err = errFailed
		}
		if err != nil && !errors.Is(err, errFailed) {
			return err
		}
		failed = failed || err != nil
	}
	if failed {
		return errFailed
	}
	return nil
}

// show runs the tests and shows what -v asks for.
func (p place) show(ctx context.Context, o options, b built) error {
	if o.verbose {
		return p.run(ctx, o, b, os.Stdout)
	}
	return show(ctx, os.Stdout, func(w io.Writer) error { return p.run(ctx, o, b, w) })
}

func (p place) run(ctx context.Context, o options, b built, out io.Writer) error {
	argv := append([]string{b.test}, p.flags(o)...)
	env := append(os.Environ(), lab.BinEnv+"="+b.bin)
	if !p.vm {
		cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
		cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = b.dir, env, out, out
		cmd.WaitDelay = time.Minute
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		return cmd.Run()
	}
	if p.noNetem {
		argv = append([]string{"sh", "-c", noNetem, "sh"}, argv...)
	}
	return vm.Run(ctx, vm.Config{
		Argv: argv, Dir: b.dir, Env: env, Kernel: o.kernel, Timeout: vmLimit, Again: true,
		Stdout: out, Stderr: out, Progress: os.Stdout,
	})
}

// flags are those of the test binary.
func (p place) flags(o options) []string {
	pattern := "^(" + strings.Join(p.tests, "|") + ")$"
	if _, below, ok := strings.Cut(o.run, "/"); ok {
		pattern += "/" + below
	}
	flags := []string{"-test.run", pattern, "-test.timeout", testLimit.String(), "-test.parallel", "4"}
	if o.verbose {
		return append(flags, "-test.v")
	}
	return append(flags, "-test.v=test2json")
}
