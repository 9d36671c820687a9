// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// OpError is one message that failed.
type OpError struct {
	Device string
	Op     tc.Op         // the step; the zero value for an alternative name
	Line   string        // the line of tc(8) or ip(8) that would have failed the same way
	Errno  syscall.Errno // 0 where the step could not be put into a message
	ExtAck string        // the kernel's words, if it had any
	Hint   string        // what it means and what to do, where that is known
	Err    error         // where Errno is 0: what was wrong

	item int32
}

// Error reads "LINE: CAUSE", the cause being the hint or the kernel's words.
func (e *OpError) Error() string {
	switch {
	case e.Hint != "":
		return e.Line + ": " + e.Hint
	case e.Err != nil:
		return e.Line + ": " + e.Err.Error()
	}
	return e.Line + ": " + (&KernelError{Errno: e.Errno, ExtAck: e.ExtAck}).Error()
}

// Unwrap returns the errno, so that errors.Is knows it, or what was wrong.
func (e *OpError) Unwrap() error {
	if e.Err != nil {
		return e.Err
	}
	return e.Errno
}

// Errors is everything that failed in a batch, in the order in which it was sent.
type Errors []*OpError

// Error prints the first error, the one that the others mostly follow from.
func (e Errors) Error() string {
	switch len(e) {
	case 0:
		return "no error"
	case 1:
		return e[0].Error()
	}
	return fmt.Sprintf("%v (and %d more)", e[0], len(e)-1)
}

// Unwrap returns the errors.
func (e Errors) Unwrap() []error {
	out := make([]error, len(e))
	for i, err := range e {
		out[i] = err
	}
	return out
}

// goneWords are what the kernel's words begin with, with EINVAL, when something
// else or nothing is where an object was (tc_get_qdisc in net/sched/sch_api.c,
// __tcf_qdisc_find in net/sched/cls_api.c).
var goneWords = []string{"Invalid handle", "Invalid qdisc name", "Parent Qdisc doesn't exists", "Cannot find specified filter chain"}

// IsGone tells whether err, or everything in it, says that the object, its
// device or its namespace is not there: what a Delete can pass over.
func IsGone(err error) bool {
	var all Errors
	if errors.As(err, &all) {
		return len(all) > 0 && !slices.ContainsFunc(all, func(e *OpError) bool { return !IsGone(e) })
	}
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ENODEV) {
		return true
	}
	var e *OpError
	if !errors.As(err, &e) || e.Op.Verb != tc.Delete || e.Errno != unix.EINVAL {
		return false
	}
	return slices.ContainsFunc(goneWords, func(words string) bool { return strings.HasPrefix(e.ExtAck, words) })
}

// opError describes the failure of the message made from o.
func (r *run) opError(o origin, a ack, cause error) *OpError {
	it := &r.items[o.item]
	e := &OpError{Device: it.dev.Name, Errno: a.errno, ExtAck: a.text, Err: cause, item: o.item}
	if it.prop != 0 {
		verb := "add"
		if it.prop == unix.RTM_DELLINKPROP {
			verb = "del"
		}
		e.Line = fmt.Sprintf("ip link property %s dev %s altname %s", verb, it.dev.Name, it.name)
	} else {
		e.Op = it.ops[o.op]
		if lines := e.Op.Lines(it.dev.Name); int(o.line) < len(lines) {
			e.Line = lines[o.line]
		}
	}
	e.Hint = hint(e)
	return e
}
