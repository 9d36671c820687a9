// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const mark = "\x16" // of test2json, before each line that tells of a test

func TestShow(t *testing.T) {
	run := func(w io.Writer) error {
		for _, line := range []string{
			"=== RUN   TestGood", "=== RUN   TestGood/part", "=== NAME  TestGood/part", "    a.go:1: nobody asks",
			"--- PASS: TestGood (1.00s)", "    --- PASS: TestGood/part (0.50s)",
			"=== RUN   TestBad", "=== NAME  TestBad", "    a.go:2: this is wrong", "--- FAIL: TestBad (0.00s)", "=== NAME  ",
		} {
			if strings.HasPrefix(line, "===") || strings.Contains(line, "---") {
				line = mark + line
			}
			_, _ = io.WriteString(w, line+"\n")
		}
		_, _ = io.WriteString(w, "FAIL\n")
		return errFailed
	}
	var out strings.Builder
	if err := show(t.Context(), &out, run); !errors.Is(err, errFailed) {
		t.Errorf("error is %v, want that of the tests", err)
	}
	got := regexp.MustCompile(`\(\d+\.\d\ds\)`).ReplaceAllString(out.String(), "(TIME)")
	want := `PASS suite.TestGood (TIME)
=== RUN   TestBad
    a.go:2: this is wrong
--- FAIL: TestBad (TIME)
FAIL suite.TestBad (TIME)
`
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
