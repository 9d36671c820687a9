// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/vm"
)

// netemPrefix begins the names of tests that need a kernel with netem.
const netemPrefix = "TestNetem"

// placeEnv is set where the tests are to run in this process, whatever its kernel has.
const placeEnv = "TCNI_RUNTIMES_HERE"

// testLimit is for all tests in the virtual machine, vmLimit for its boot as well: they take four
// minutes on a machine that does other things too.
const (
	testLimit = 40 * time.Minute
	vmLimit   = 45 * time.Minute
)

// TestMain runs each test where it can run. What needs a build is built before: a virtual machine is
// slow.
func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv(placeEnv) != "" || os.Geteuid() != 0 || flag.Lookup("test.list").Value.String() != "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status, err := runAll(ctx, m)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "runtimes:", err)
		status = 1
	}
	os.Exit(status)
}

func runAll(ctx context.Context, m *testing.M) (status int, err error) {
	if err := build(ctx); err != nil {
		return 1, err
	}
	if machineHasNetem(ctx) {
		return m.Run(), nil
	}
	tests, err := netemTests(ctx)
	if err != nil {
		return 1, err
	}
	skipped := flag.Lookup("test.skip").Value.String() // those that -skip names
	skip := "^" + netemPrefix
	if skipped != "" {
		skip += "|" + skipped
	}
	if err := flag.Set("test.skip", skip); err != nil {
		return 1, err
	}
	status = m.Run()
	if len(tests) == 0 || status != 0 && flag.Lookup("test.failfast").Value.String() == "true" {
		return status, nil
	}
	fmt.Println("in a virtual machine:", strings.Join(tests, " "))
	err = runInVM(ctx, tests, skipped)
	if exit := new(vm.ExitError); errors.As(err, &exit) {
		return 1, nil // its output has told
	}
	return status, err
}

// build sets the environment so that tests, here and in the virtual machine, find all executables.
func build(ctx context.Context) error {
	bin, err := lab.Bin(ctx)
	if err != nil {
		return err
	}
	clients, err := Clients(ctx)
	if err != nil {
		return err
	}
	return errors.Join(os.Setenv(lab.BinEnv, bin), os.Setenv(ClientsEnv, clients))
}

// netemTests lists those of the tests asked for (-run) that need netem.
func netemTests(ctx context.Context) ([]string, error) {
	top, _, _ := strings.Cut(flag.Lookup("test.run").Value.String(), "/")
	if top == "" {
		top = "."
	}
	out, err := exec.CommandContext(ctx, os.Args[0], "-test.list", top).Output()
	if err != nil {
		return nil, fmt.Errorf("list tests: %w", err)
	}
	return regexp.MustCompile(`(?m)^`+netemPrefix+`\S*$`).FindAllString(string(out), -1), nil
}

func runInVM(ctx context.Context, tests []string, skipped string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	argv := []string{self, "-test.run", "^(" + strings.Join(tests, "|") + ")$", "-test.skip", skipped, "-test.timeout", testLimit.String()}
	if testing.Verbose() {
		argv = append(argv, "-test.v")
	}
	return vm.Run(ctx, vm.Config{
		Argv: argv, Env: append(os.Environ(), placeEnv+"=1"), Timeout: vmLimit, Memory: 4096,
		Stdout: os.Stdout, Stderr: os.Stdout, Progress: os.Stdout,
	})
}

// machineHasNetem tries, in a network namespace that ends with the command.
func machineHasNetem(ctx context.Context) bool {
	return exec.CommandContext(ctx, "unshare", "-n", "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms").Run() == nil
}
