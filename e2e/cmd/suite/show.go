// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"

	"gotest.tools/gotestsum/testjson"
)

// show gives run a writer for the output of go test -v. Of that it passes on a
// line for every top-level test as it ends, and all that a failed test wrote.
func show(ctx context.Context, out io.Writer, run func(io.Writer) error) error {
	// -t: how long a test took is by this machine's clock.
	convert := exec.CommandContext(ctx, "go", "tool", "test2json", "-t", "-p", "suite")
	raw, err := convert.StdinPipe()
	if err != nil {
		return fmt.Errorf("test2json: %w", err)
	}
	events, err := convert.StdoutPipe()
	if err != nil {
		return fmt.Errorf("test2json: %w", err)
	}
	if err := convert.Start(); err != nil {
		return fmt.Errorf("test2json: %w", err)
	}
	scanned := make(chan error, 1)
	go func() {
		_, err := testjson.ScanTestOutput(testjson.ScanConfig{Stdout: events, Handler: newSummary(out)})
		scanned <- err
	}()
	ran := run(raw)
	raw.Close()
	if err := <-scanned; ran == nil && err != nil {
		ran = fmt.Errorf("test2json: %w", err)
	}
	if err := convert.Wait(); ran == nil && err != nil {
		ran = fmt.Errorf("test2json: %w", err)
	}
	return ran
}

// summary is testjson's format of that name, without the parts of tests that
// passed.
type summary struct{ testjson.EventFormatter }

func newSummary(out io.Writer) summary {
	return summary{testjson.NewEventFormatter(out, "testname", testjson.FormatOptions{})}
}

func (s summary) Event(e testjson.TestEvent, all *testjson.Execution) error {
	if e.Action == testjson.ActionPass && testjson.TestName(e.Test).IsSubTest() {
		return nil
	}
	return s.Format(e, all)
}

// Err is for what comes by another way; nothing does.
func (s summary) Err(string) error { return nil }
