// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"time"

	"tcni.dev/pkg/api"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/edit"
	"tcni.dev/pkg/scenario"
	"tcni.dev/pkg/view"
)

// backend does what the API is asked for, as the verbs do.
func (p *process) backend(metrics http.Handler) api.Backend {
	quiet := p.unattended()
	return api.Backend{
		Attachments: func(name string) ([]view.Attachment, error) {
			return p.described(&attach.Selection{}, nameList(name), lookAt{})
		},
		Stats: func(name string) ([]view.Stats, error) { return p.counted(&attach.Selection{}, nameList(name)) },
		Set: func(ctx context.Context, name string, c api.Change) error {
			o := setOptions{Selection: &attach.Selection{}, rule: c.Rule, lasts: c.For, timeout: 5 * time.Second, profiles: edit.ProfileDir}
			return quiet.set(ctx, o, []string{name, c.Shape})
		},
		Clear: func(ctx context.Context, name string, off bool) error {
			return quiet.clear(ctx, &attach.Selection{}, nameList(name), clearOptions{off: off, timeout: 5 * time.Second})
		},
		Play: func(ctx context.Context, name, text string) error {
			return quiet.playText(ctx, name, text)
		},
		Status:  httpStatus,
		Metrics: metrics,
	}
}

// unattended is a process that has no terminal: the server's is not for its callers.
func (p *process) unattended() *process {
	quiet := *p
	quiet.in, quiet.out, quiet.output = http.NoBody, io.Discard, ""
	return &quiet
}

func nameList(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

// playText plays a scenario that names no files, on what is called by name, or on
// its own targets.
func (p *process) playText(ctx context.Context, name, text string) error {
	s, err := scenario.Parse([]byte(text))
	if err != nil {
		return usageError{err}
	}
	profiles, err := edit.Load(edit.ProfileDir)
	if err != nil {
		return err
	}
	program, err := s.Compile(scenario.Env{Files: noFiles{}, Profiles: profiles})
	if err != nil {
		return usageError{err}
	}
	if name == "" && len(program.Targets) == 0 {
		return usagef(`name is missing: the scenario has no targets; "*" stands for all`)
	}
	o := playOptions{Selection: &attach.Selection{}, quiet: true, timeout: 5 * time.Second}
	stopped, err := p.playProgram(ctx, o, program, nameList(name))
	if stopped && err == nil {
		err = errStopped
	}
	return err
}

// errStopped says that the server, or the caller, ended before the scenario.
var errStopped = errors.New("stopped before the end of the scenario; what was there before is in force again")

// noFiles is a directory without any.
type noFiles struct{}

func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// httpStatus is the exit status in HTTP's terms.
func httpStatus(err error) int {
	if errors.Is(err, errStopped) {
		return http.StatusServiceUnavailable
	}
	status, _ := adviceFor(err)
	switch status {
	case exitUsage:
		return http.StatusBadRequest
	case exitNotFound:
		return http.StatusNotFound
	case exitTimeout:
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}
