// SPDX-License-Identifier: Apache-2.0

package delegate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Plugin is how a delegate is called. Its environment is ours, but for what is
// here.
type Plugin struct {
	Type   string
	File   string // see Find
	Args   string // CNI_ARGS, without our own
	Stderr io.Writer
}

// Error is what a delegate said in the place of a result (CNI SPEC, "Error").
type Error struct {
	Type    string // of the delegate
	Code    uint
	Msg     string
	Details string
}

// Error names the delegate.
func (e *Error) Error() string { return "delegate " + e.Type + ": " + e.Msg }

// Codes of the specification for what keeps a delegate from answering.
const (
	codeMissing  = 4 // invalid environment variables: CNI_PATH has no such plugin
	codeIO       = 5
	codeDecoding = 6
)

// Call runs the delegate and returns what it printed, which is a JSON object
// where it is the result of ADD. It waits as long as it takes: the runtime
// knows when to give up. Any error is an *Error.
func (p Plugin) Call(verb string, stdin []byte) ([]byte, error) {
	var stdout bytes.Buffer
	cmd := &exec.Cmd{
		Path: p.File, Args: []string{p.File},
		Env:   append(os.Environ(), "CNI_COMMAND="+verb, "CNI_ARGS="+p.Args),
		Stdin: bytes.NewReader(stdin), Stdout: &stdout, Stderr: p.Stderr,
	}
	if err := cmd.Run(); err != nil {
		return nil, p.failure(verb, err, stdout.Bytes())
	}
	if verb == "ADD" {
		if err := isObject(stdout.Bytes()); err != nil {
			return nil, &Error{Type: p.Type, Code: codeDecoding, Msg: fmt.Sprintf("%s printed no result: %v", verb, err), Details: excerpt(stdout.Bytes())}
		}
	}
	return stdout.Bytes(), nil
}

// Find looks for a plugin where the runtime would, in CNI_PATH. A relative
// entry (rkt has one) is relative to where we are. Its error is an *Error.
func Find(kind, cniPath string) (string, error) {
	for _, dir := range filepath.SplitList(cniPath) {
		if dir == "" {
			continue
		}
		file := filepath.Join(dir, kind)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file, nil
		}
	}
	return "", &Error{Type: kind, Code: codeMissing, Msg: fmt.Sprintf("no such plugin in CNI_PATH, %q", cniPath)}
}

// failure returns the delegate's own error document, or why there is none.
func (p Plugin) failure(verb string, err error, stdout []byte) error {
	var doc struct {
		Code         uint
		Msg, Details string
	}
	exit := new(exec.ExitError)
	switch {
	case !errors.As(err, &exit):
		return &Error{Type: p.Type, Code: codeIO, Msg: fmt.Sprintf("%s: %v", verb, err)}
	case json.Unmarshal(stdout, &doc) == nil && doc.Msg != "" && doc.Code != 0:
		return &Error{Type: p.Type, Code: doc.Code, Msg: doc.Msg, Details: doc.Details}
	}
	return &Error{Type: p.Type, Code: codeDecoding, Msg: fmt.Sprintf("%s: %v, and no error document", verb, err), Details: excerpt(stdout)}
}

func isObject(data []byte) error {
	var o object
	if err := json.Unmarshal(data, &o); err != nil {
		return err
	}
	if o == nil {
		return errors.New("null is no object")
	}
	return nil
}

// excerpt keeps what a plugin printed readable in an error document.
func excerpt(b []byte) string {
	const most = 512
	s := strings.ToValidUTF8(string(bytes.TrimSpace(b)), "\ufffd")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " …"
	}
	return s
}
