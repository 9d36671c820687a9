// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/containernetworking/cni/pkg/types"

	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/protocol"
)

// fake is a delegate that writes down how it was called. A verb prints the file
// of its name, and fails if there is one called VERB.fails.
const fake = `#!/bin/sh
dir=$(dirname "$0")
echo "$CNI_COMMAND $CNI_ARGS $(cat)" >>"$dir/calls"
[ -f "$dir/$CNI_COMMAND" ] && cat "$dir/$CNI_COMMAND"
[ ! -f "$dir/$CNI_COMMAND.fails" ]
`

// runtime calls the plugin's verbs with a delegate, and no kernel: what is asked
// for is nothing, or cannot be had since the network namespace is none.
type runtime struct {
	t      *testing.T
	dir    string
	args   protocol.Args
	stdout bytes.Buffer
	stderr bytes.Buffer
}

func newRuntime(t *testing.T) *runtime {
	r := &runtime{t: t, dir: t.TempDir()}
	r.write("fake", fake)
	if err := os.Chmod(filepath.Join(r.dir, "fake"), 0o755); err != nil {
		t.Fatal(err)
	}
	r.write("netns", "")
	r.args = protocol.Args{
		ContainerID: "c1", IfName: "eth0", Netns: filepath.Join(r.dir, "netns"),
		Path: "/nowhere:" + r.dir, Args: "IP=10.0.0.5;TCNI_PROFILE=none",
	}
	return r
}

func (r *runtime) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// call runs a verb and returns its error and what the delegate was asked.
func (r *runtime) call(verb, conf string) (calls []string, err error) {
	r.t.Helper()
	r.stdout.Reset()
	p := process{stdout: &r.stdout, stderr: &r.stderr, records: attach.Records{Dir: filepath.Join(r.dir, "records")}}
	funcs := p.plugin()
	run := map[string]func(*protocol.Args) error{
		"ADD": funcs.Add, "DEL": funcs.Del, "CHECK": funcs.Check, "GC": funcs.GC, "STATUS": funcs.Status,
	}[verb]
	r.args.StdinData = []byte(conf)
	err = run(&r.args)
	log := filepath.Join(r.dir, "calls")
	data, _ := os.ReadFile(log)
	os.Remove(log)
	return strings.FieldsFunc(string(data), func(c rune) bool { return c == '\n' }), err
}

func (r *runtime) wantCalls(got []string, want ...string) {
	r.t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		r.t.Errorf("the delegate was called\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func wantCode(t *testing.T, err error, code uint, parts ...string) {
	t.Helper()
	e := new(types.Error)
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("got %v, want an error with code %d", err, code)
		return
	}
	for _, part := range parts {
		if !strings.Contains(e.Msg+" "+e.Details, part) {
			t.Errorf("%q does not say %q", e.Msg, part)
		}
	}
	if strings.Contains(e.Msg, "\n") {
		t.Errorf("%q is more than a line", e.Msg)
	}
}

// netConf is a configuration with a delegate; more begins with a comma.
func netConf(version, more string) string {
	return fmt.Sprintf(`{"cniVersion":%q,"name":"net","type":"tcni","delegate":{"type":"fake"}%s}`, version, more)
}

// told is what the delegate reads then.
func told(version, more string) string {
	return fmt.Sprintf(`{"cniVersion":%q,"name":"net"%s,"type":"fake"}`, version, more)
}

const (
	oldResult = `{"ip4":{"ip":"10.0.0.5/24"},"dns":{}}`
	newResult = `{"cniVersion":"1.1.0","ips":[{"address":"10.0.0.5/24"}]}`
)

func TestDelegateAdd(t *testing.T) {
	r := newRuntime(t)
	r.write("ADD", oldResult)
	calls, err := r.call("ADD", netConf("0.1.0", ""))
	if err != nil || r.stdout.String() != oldResult {
		t.Errorf("got %s, %v", &r.stdout, err)
	}
	r.wantCalls(calls, "ADD IP=10.0.0.5 "+told("0.1.0", ""))

	r.write("ADD", newResult)
	if _, err = r.call("ADD", netConf("1.1.0", "")); err != nil || r.stdout.String() != newResult {
		t.Errorf("got %s, %v", &r.stdout, err)
	}
	if _, err = r.call("ADD", netConf("0.2.0", "")); err != nil || !strings.Contains(r.stdout.String(), `"ip4"`) {
		t.Errorf("a new result for an old runtime is %s, %v", &r.stdout, err)
	}
	calls, err = r.call("ADD", strings.Replace(netConf("0.2.0", ""), `"type":"fake"`, `"type":"fake","cniVersion":"1.1.0"`, 1))
	if err != nil || !strings.Contains(r.stdout.String(), `"ip4"`) {
		t.Errorf("a delegate of another version gives %s, %v", &r.stdout, err)
	}
	r.wantCalls(calls, "ADD IP=10.0.0.5 "+told("1.1.0", ""))
}

// TestDelegateRollback: whatever goes wrong after the delegate was asked, it is
// asked to take it back, with its result where DEL gets one.
func TestDelegateRollback(t *testing.T) {
	const shaped = `,"egress":"delay 5ms"`
	const add, del = "ADD IP=10.0.0.5 ", "DEL IP=10.0.0.5 "
	for _, c := range []struct {
		name, version, more string
		result, fails       string // a verb that fails
		code                uint
		msg                 string
		calls               []string
	}{
		{"shaping, old", "0.1.0", shaped, oldResult, "", types.ErrInvalidNetNS, "network namespace", []string{add + told("0.1.0", ""), del + told("0.1.0", "")}},
		{"shaping, new", "1.1.0", shaped, newResult, "", types.ErrInvalidNetNS, "network namespace", []string{add + told("1.1.0", ""), del + told("1.1.0", `,"prevResult":`+newResult)}},
		{"shaping and DEL", "0.1.0", shaped, oldResult, "DEL", types.ErrInvalidNetNS, "; and taking it back: delegate fake: DEL: exit status 1", []string{add + told("0.1.0", ""), del + told("0.1.0", "")}},
		{"its own error", "1.1.0", "", `{"code":11,"msg":"busy","details":"later"}`, "ADD", 11, "delegate fake: busy later", []string{add + told("1.1.0", ""), del + told("1.1.0", "")}},
		{"garbage", "1.1.0", "", `garbage`, "", types.ErrDecodingFailure, "no result", []string{add + told("1.1.0", ""), del + told("1.1.0", "")}},
		{"a result of no version", "0.2.0", "", `{"cniVersion":"7.0.0","ips":[{"address":"10.0.0.5/24"}]}`, "", types.ErrInternal, "7.0.0", []string{add + told("0.2.0", ""), del + told("0.2.0", "")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRuntime(t)
			r.args.Args = "IP=10.0.0.5"
			r.write("ADD", c.result)
			if c.fails != "" {
				r.write(c.fails+".fails", "")
			}
			calls, err := r.call("ADD", netConf(c.version, c.more))
			wantCode(t, err, c.code, c.msg)
			r.wantCalls(calls, c.calls...)
			if r.stdout.Len() > 0 {
				t.Errorf("printed %s", &r.stdout)
			}
		})
	}
}

// TestDelegateNotAsked: what is wrong before is found before.
func TestDelegateNotAsked(t *testing.T) {
	for _, c := range []struct {
		name, conf, netns string
		code              uint
		msg               string
	}{
		{"a bad value", netConf("1.1.0", `,"egress":"dealy 5ms"`), "", types.ErrInvalidNetworkConfig, "delay"},
		{"a chain", netConf("1.1.0", `,"prevResult":{}`), "", types.ErrInvalidNetworkConfig, "delegate: there is a prevResult"},
		{"the host's own namespace", netConf("1.1.0", ""), "/proc/self/ns/net", types.ErrInvalidNetNS, "the host's own"},
		{"no such plugin", strings.Replace(netConf("1.1.0", ""), `"fake"`, `"nowhere"`, 1), "", types.ErrInvalidEnvironmentVariables, "delegate nowhere: no such plugin in CNI_PATH"},
		{"no name", `{"cniVersion":"1.1.0","name":"net","delegate":{}}`, "", types.ErrInvalidNetworkConfig, "delegate: type is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRuntime(t)
			if c.netns != "" {
				r.args.Netns = c.netns
			}
			calls, err := r.call("ADD", c.conf)
			wantCode(t, err, c.code, c.msg)
			r.wantCalls(calls)
		})
	}
}

func TestDelegateOthers(t *testing.T) {
	const prev = `,"prevResult":{"cniVersion":"1.1.0","ips":[]}`
	const valid = `,"cni.dev/valid-attachments":[]`
	r := newRuntime(t)
	r.args.Args, r.args.Netns = "", ""
	for _, c := range []struct {
		name, verb, version, more string
		want                      []string
	}{
		{"DEL of rkt", "DEL", "0.1.0", "", []string{"DEL  " + told("0.1.0", "")}},
		{"DEL", "DEL", "1.1.0", prev, []string{"DEL  " + told("1.1.0", prev)}},
		{"DEL reads no shape", "DEL", "1.1.0", `,"egress":"garbage"`, []string{"DEL  " + told("1.1.0", "")}},
		{"DEL with a result that cannot be read", "DEL", "1.1.0", `,"prevResult":5`, []string{"DEL  " + told("1.1.0", "")}},
		{"CHECK", "CHECK", "1.1.0", prev, []string{"CHECK  " + told("1.1.0", prev)}},
	} {
		calls, err := r.call(c.verb, netConf(c.version, c.more))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		r.wantCalls(calls, c.want...)
	}
	old := strings.Replace(netConf("1.1.0", valid), `"type":"fake"`, `"type":"fake","cniVersion":"0.3.1"`, 1)
	for _, verb := range []string{"CHECK"} {
		calls, err := r.call(verb, old)
		if err != nil {
			t.Errorf("%s of an old delegate: %v", verb, err)
		}
		r.wantCalls(calls)
	}
	r.write("DEL.fails", "")
	r.write("DEL", `{"code":11,"msg":"busy"}`)
	_, err := r.call("DEL", netConf("1.1.0", ""))
	wantCode(t, err, 11, "delegate fake: busy")
	r.write("CHECK.fails", "")
	_, err = r.call("CHECK", netConf("1.1.0", prev))
	wantCode(t, err, types.ErrDecodingFailure, "CHECK: exit status 1, and no error document")
	_, err = r.call("DEL", `{"cniVersion":"1.1.0","name":"net","delegate":{"type":"gone"}}`)
	wantCode(t, err, types.ErrInvalidEnvironmentVariables, "delegate gone: no such plugin")
	_, err = r.call("DEL", `{"cniVersion":"1.1.0","name":"net","delegate":5}`)
	wantCode(t, err, types.ErrInvalidNetworkConfig, "delegate")
}
