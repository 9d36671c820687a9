// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// verifierError is a program that the kernel refused, with the end of what it
// said about it.
type verifierError struct {
	cause error
	log   string
}

func (e *verifierError) Error() string {
	if e.log == "" {
		return e.cause.Error()
	}
	return e.cause.Error() + ": the verifier says: " + e.log
}

func (e *verifierError) Unwrap() error { return e.cause }

const logLines = 6

// tail returns the last lines of the log in one.
func tail(log []byte) string {
	log, _, _ = bytes.Cut(log, []byte{0})
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	return strings.Join(lines[max(0, len(lines)-logLines):], "; ")
}

// explanations say what an error number of bpf(2) means for the user.
var explanations = []struct {
	cause error
	text  string
}{
	{unix.ENOSYS, "eBPF is not in this kernel (CONFIG_BPF_SYSCALL)"},
	{unix.EPERM, "not permitted: it needs CAP_BPF and CAP_NET_ADMIN, or CAP_SYS_ADMIN, in the initial user namespace"},
	{unix.E2BIG, "the kernel takes no tables or program of this size"},
	{unix.ENOMEM, "the kernel has no memory for it"},
}

func explain(err error) error {
	var refused *verifierError
	if errors.As(err, &refused) {
		return fmt.Errorf("%w; Linux 5.3 or later is needed", err)
	}
	for _, e := range explanations {
		if errors.Is(err, e.cause) {
			return fmt.Errorf("%s: %w", e.text, err)
		}
	}
	return err
}

// liftMemlock removes the limit of locked memory.
func liftMemlock() error {
	all := unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY}
	return unix.Setrlimit(unix.RLIMIT_MEMLOCK, &all)
}
