// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"tcni.dev/e2e/bench/report"
)

func TestArguments(t *testing.T) {
	for _, tc := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"-h"}, 0, "usage: bench"},
		{[]string{"-run", "("}, 2, "missing closing )"},
		{[]string{"-no"}, 2, "not defined: -no"},
		{[]string{"all"}, 2, `argument "all" is too much`},
	} {
		var out bytes.Buffer
		if got := run(context.Background(), tc.args, &out, &out); got != tc.status || !strings.Contains(out.String(), tc.says) {
			t.Errorf("%q: exit %d: %s", tc.args, got, out.String())
		}
	}
}

func TestParse(t *testing.T) {
	opt, err := parse([]string{"-quick", "-check", "-run", "^add", "-json", "a", "-plot", "b", "-markdown", "-"})
	if err != nil || !opt.Quick || !opt.check || opt.Want.String() != "^add" || opt.json != "a" || opt.plot != "b" || opt.markdown != "-" {
		t.Errorf("%+v, %v", opt, err)
	}
}

func TestWriteAndJudge(t *testing.T) {
	row := &report.Row{ID: "size", Label: "binary", Unit: report.Bytes, Samples: []float64{9e6}, Max: 8e6}
	rep := &report.Report{Groups: []*report.Group{{Title: "Size", Rows: []*report.Row{row}}}}
	var out bytes.Buffer
	if err := write(rep, options{markdown: "-"}, &out); err != nil || !strings.Contains(out.String(), "| binary |") {
		t.Errorf("%v: %s", err, out.String())
	}
	out.Reset()
	if err := write(rep, options{json: filepath.Join(t.TempDir(), "x.json")}, &out); err != nil || !strings.Contains(out.String(), "missed") {
		t.Errorf("%v: %s", err, out.String())
	}
	if err := judge(rep); err == nil || err.Error() != "size: ≤ 8 MB missed" {
		t.Errorf("judged: %v", err)
	}
	row.Samples[0] = 7e6
	if err := judge(rep); err != nil {
		t.Error(err)
	}
}
