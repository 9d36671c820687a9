// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/edit"
	"tcni.dev/pkg/install"
	"tcni.dev/pkg/tc"
)

// Exit statuses; rootLong tells them to users.
const (
	exitOK       = 0
	exitError    = 1
	exitUsage    = 2
	exitNotFound = 3
	exitMismatch = 4
	exitTimeout  = 5
)

// usageError is a wrong command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// flagError is what is wrong with a flag; a time without a unit is told its unit.
func flagError(_ *cobra.Command, err error) error {
	var wrong *pflag.InvalidValueError
	if errors.As(err, &wrong) && wrong.GetFlag().Value.Type() == "duration" {
		if _, notNumber := strconv.ParseFloat(wrong.GetValue(), 64); notNumber == nil {
			return usagef("--%s %s: has no unit: write %[2]ss", wrong.GetFlag().Name, wrong.GetValue())
		}
	}
	return usageError{err}
}

// errMismatch ends a verb that has told already what differs.
var errMismatch = errors.New("")

// helpHint is for a wrong command line; VERB stands for the one that was given.
const helpHint = `see "VERB --help"`

// atLeastOne asks for arguments.
func atLeastOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usagef("%s is missing: %s", what, cmd.UseLine())
		}
		return nil
	}
}

// advice gives an error its exit status, and says what to do. The first line
// that fits is taken.
var advice = []struct {
	is   func(error) bool
	exit int
	hint string
}{
	{is(errMismatch), exitMismatch, ""},
	{is(fs.ErrPermission), exitError, "it needs root (CAP_NET_ADMIN and CAP_SYS_ADMIN)"}, // EPERM and EACCES, whatever else it is
	{is(attach.ErrNotFound), exitNotFound, `"tcnictl list" names the attachments; "tcnictl list --unshaped" also those that nobody has shaped`},
	{is(attach.ErrAmbiguous), exitUsage, "give the container's ID, or a glob to mean all of them"},
	{is(attach.ErrBusy), exitTimeout, "wait for it to end, or stop it; --timeout says how long to wait"},
	{is(attach.ErrGone), exitNotFound, `look again with "tcnictl list"`},
	{is(attach.ErrNetns), exitNotFound, "the container has ended; its record goes with DEL or GC"},
	{is(attach.ErrNoInterface), exitNotFound, "the container's interface has gone; its record goes with DEL or GC"},
	{as[strayError], exitError, "without its record nothing is known of it: DEL or GC takes away what there is"},
	{is(context.DeadlineExceeded), exitTimeout, ""},
	{is(attach.ErrShape), exitUsage, ""},
	{is(edit.ErrNoRule), exitUsage, `"tcnictl show" lists the rules; one without a name is changed with its whole direction, by an object`},
	{as[*tc.ForeignError], exitError, `see "tc qdisc show"; another placement may be free`},
	{as[*conf.Error], exitUsage, ""},
	{as[usageError], exitUsage, helpHint},
	{is(install.ErrEntry), exitUsage, ""},
	{is(install.ErrNoNetwork), exitNotFound, "install the network's main plugin first, or say --watch to wait for it; --conf-dir says where to look"},
	{is(install.ErrChanged), exitError, "run it again"},
}

// deniedError says what only root may look at.
type deniedError string

func (e deniedError) Error() string        { return string(e) }
func (e deniedError) Is(target error) bool { return target == fs.ErrPermission }

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func as[T error](err error) bool {
	var t T
	return errors.As(err, &t)
}

// exit says what went wrong and returns the exit status.
func (p *process) exit(verb *cobra.Command, err error) int {
	if err == nil {
		return exitOK
	}
	status, hint := adviceFor(err)
	if text := err.Error(); strings.HasPrefix(text, "unknown command") || strings.HasPrefix(text, "accepts ") {
		status, hint = exitUsage, helpHint // cobra's own have no type
	}
	if text := strings.TrimSpace(err.Error()); text != "" {
		fmt.Fprintf(p.err, "tcnictl: %s\n", text)
	}
	if hint != "" {
		fmt.Fprintf(p.err, "  %s\n", strings.ReplaceAll(hint, "VERB", verb.CommandPath()))
	}
	return status
}

// adviceFor returns an error's exit status and what to do. What was waited for in
// vain tells what to do, but not the status.
func adviceFor(err error) (status int, hint string) {
	if waited := (waitedError{}); errors.As(err, &waited) && errors.Is(waited.ended, context.DeadlineExceeded) {
		_, hint = adviceFor(waited.missing)
		return exitTimeout, hint
	}
	for _, a := range advice {
		if a.is(err) {
			return a.exit, a.hint
		}
	}
	return exitError, ""
}

// warn tells what did not make the verb fail.
func (p *process) warn(warnings ...string) {
	for _, w := range warnings {
		fmt.Fprintf(p.err, "tcnictl: warning: %s\n", w)
	}
}
