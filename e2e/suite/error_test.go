// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/containernetworking/cni/pkg/types"

	"tcni.dev/e2e/lab"
)

// Codes of errors: those of the CNI specification, and tcni's own.
const (
	codeEnv         = types.ErrInvalidEnvironmentVariables
	codeDecode      = types.ErrDecodingFailure
	codeConf        = types.ErrInvalidNetworkConfig
	codeNetns       = types.ErrInvalidNetNS
	codeVersion     = types.ErrIncompatibleCNIVersion
	codeUnavailable = 50
	codeKernel      = 100
	codeForeign     = 101
	codeMismatch    = 102
)

// failure returns the error of a call, which must have printed it in one JSON
// document and nothing else, in one line that a person can read.
func failure(t *testing.T, run lab.Run) types.Error {
	t.Helper()
	var e types.Error
	if run.ExitCode <= 0 {
		t.Errorf("exit %d, signal %v, want an error", run.ExitCode, run.Signal)
	}
	d := json.NewDecoder(strings.NewReader(run.Stdout))
	if err := d.Decode(&e); err != nil {
		t.Fatalf("stdout is no error document: %v: %q", err, run.Stdout)
	}
	if err := d.Decode(new(any)); err != io.EOF {
		t.Errorf("stdout has more than one document: %q", run.Stdout)
	}
	if e.Code == 0 || e.Msg == "" || strings.Contains(e.Msg, "\n") {
		t.Errorf("error %d is %q, want a code and one line", e.Code, e.Msg)
	}
	return e
}

// wantFailure holds a call to a code and to words of its message.
func wantFailure(t *testing.T, run lab.Run, code uint, words ...string) {
	t.Helper()
	e := failure(t, run)
	if e.Code != code {
		t.Errorf("code %d, want %d: %s", e.Code, code, e.Msg)
	}
	for _, w := range words {
		if !strings.Contains(e.Msg, w) {
			t.Errorf("message %q lacks %q", e.Msg, w)
		}
	}
	if t.Failed() {
		return
	}
	t.Logf("%d: %s", e.Code, e.Msg)
}
