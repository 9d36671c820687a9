// SPDX-License-Identifier: Apache-2.0

package delegate

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStripArgs(t *testing.T) {
	for in, want := range map[string]string{
		"":                                "",
		"IgnoreUnknown=1;IP=1::2":         "IgnoreUnknown=1;IP=1::2",
		"TCNI_EGRESS=delay 100ms loss 1%": "",
		"K8S_POD_NAME=web;TCNI_EGRESS=a=b;; TCNI_PROFILE=3g;IgnoreUnknown=1": "K8S_POD_NAME=web;;IgnoreUnknown=1",
		"X=TCNI_EGRESS":       "X=TCNI_EGRESS",
		"TCNI_A=1;TCNI_A=1":   "",
		"A=1;TCNI_EGRESS;B=2": "A=1;B=2",
	} {
		if got := StripArgs(in, "TCNI_"); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestStdin(t *testing.T) {
	for _, c := range []struct{ name, outer, prev, want string }{
		{"name and version", `"cniVersion":"1.0.0","delegate":{"type":"ptp","ipam":{"type":"host-local"}},"egress":"delay 5ms"`, ``,
			`{"cniVersion":"1.0.0","name":"net","type":"ptp","ipam":{"type":"host-local"}}`},
		{"no version", `"delegate":{"type":"ptp"}`, ``, `{"name":"net","type":"ptp"}`},
		{"its own", `"cniVersion":"0.2.0","delegate":{"type":"ptp","name":"other","cniVersion":"1.0.0"}`, ``, `{"cniVersion":"1.0.0","name":"other","type":"ptp"}`},
		{"empty", `"cniVersion":"0.2.0","delegate":{"type":"ptp","name":"","cniVersion":""}`, ``, `{"cniVersion":"0.2.0","name":"net","type":"ptp"}`},
		{"capabilities", `"delegate":{"type":"bridge","capabilities":{"mac":true,"ips":false,"bandwidth":true}},"runtimeConfig":{"mac":"c2:11:22:33:44:55","ips":["10.0.0.1"],"x":1}`, ``,
			`{"name":"net","type":"bridge","capabilities":{"mac":true,"ips":false,"bandwidth":true},"runtimeConfig":{"mac":"c2:11:22:33:44:55"}}`},
		{"capabilities that are not given", `"delegate":{"type":"bridge","capabilities":{"mac":true}}`, ``, `{"name":"net","type":"bridge","capabilities":{"mac":true}}`},
		{"args", `"delegate":{"type":"ptp"},"args":{"cni":{"ips":["10.0.0.1"],"tcni":{"egress":"delay 5ms"}},"x":1}`, ``,
			`{"name":"net","type":"ptp","args":{"cni":{"ips":["10.0.0.1"]},"x":1}}`},
		{"only our args", `"delegate":{"type":"ptp"},"args":{"cni":{"tcni":{"egress":"delay 5ms"}}}`, ``, `{"name":"net","type":"ptp"}`},
		{"its own args", `"delegate":{"type":"ptp","args":{"a":1}},"args":{"b":1}`, ``, `{"name":"net","type":"ptp","args":{"a":1}}`},
		{"a result", `"delegate":{"type":"ptp"},"prevResult":{"ours":1}`, `{"ips":[]}`, `{"name":"net","type":"ptp","prevResult":{"ips":[]}}`},
		{"what GC says", `"delegate":{"type":"ptp"},"cni.dev/valid-attachments":[{"containerID":"a","ifname":"eth0"}]`, ``,
			`{"name":"net","type":"ptp","cni.dev/valid-attachments":[{"containerID":"a","ifname":"eth0"}]}`},
	} {
		in, err := Read([]byte(`{"type":"tcni","name":"net",` + c.outer + `}`))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var prev []byte
		if c.prev != "" {
			prev = []byte(c.prev)
		}
		got, err := in.Stdin(prev)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if d := cmp.Diff(tree(t, c.want), tree(t, string(got))); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
}

func tree(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestReadWrong(t *testing.T) {
	for in, want := range map[string]string{
		`{`:                                  "delegate: unexpected end of JSON input",
		`{"delegate":5}`:                     "delegate: json: cannot unmarshal number into Go value of type delegate.object",
		`{"delegate":{}}`:                    `delegate: type: "" is not the name of a plugin`,
		`{"delegate":{"type":"../bin/ptp"}}`: `delegate: type: "../bin/ptp" is not the name of a plugin`,
	} {
		if _, err := Read([]byte(in)); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", in, err, want)
		}
	}
}

func TestConvert(t *testing.T) {
	const (
		new10   = `{"cniVersion":"1.0.0","interfaces":[{"name":"eth0","sandbox":"/x"}],"ips":[{"address":"10.1.0.5/24","gateway":"10.1.0.1","interface":0}],"routes":[{"dst":"0.0.0.0/0"}],"dns":{"nameservers":["10.1.0.1"]}}`
		old20   = `{"cniVersion":"0.2.0","ip4":{"ip":"10.1.0.5/24","gateway":"10.1.0.1","routes":[{"dst":"0.0.0.0/0"}]},"dns":{"nameservers":["10.1.0.1"]}}`
		silent  = `{"ip4":{"ip":"10.1.0.5/24"},"dns":{}}`
		both    = `{"cniVersion":"1.0.0","ips":[{"address":"10.1.0.5/24"},{"address":"fd00::5/64"}],"dns":{}}`
		bothOld = `{"cniVersion":"0.2.0","ip4":{"ip":"10.1.0.5/24"},"ip6":{"ip":"fd00::5/64"},"dns":{}}`
	)
	for _, c := range []struct{ name, in, told, asked, want string }{
		{"the same", " " + new10, "1.0.0", "1.0.0", new10},
		{"for rkt", new10, "1.0.0", "0.2.0", old20},
		{"for rkt, IPv6 too", both, "1.0.0", "0.2.0", bothOld},
		{"an old plugin for rkt", silent, "0.1.0", "0.1.0", silent},
		{"0.1.0 is 0.2.0", old20, "0.1.0", "0.1.0", old20},
		{"an old plugin that was told a new version", silent, "1.0.0", "0.2.0", silent},
		{"an old plugin for a new runtime", silent, "0.1.0", "1.0.0", `{"cniVersion":"1.0.0","ips":[{"address":"10.1.0.5/24"}]}`},
		{"no version", `{"ips":[{"address":"10.1.0.5/24"}]}`, "1.0.0", "1.1.0", `{"cniVersion":"1.1.0","ips":[{"address":"10.1.0.5/24"}]}`},
		{"no version, nothing", ` { } `, "1.0.0", "1.1.0", `{"cniVersion":"1.1.0"}`},
		{"no address for rkt", `{"cniVersion":"1.0.0","interfaces":[{"name":"eth0"}]}`, "1.0.0", "0.2.0", `{"cniVersion":"0.2.0","dns":{}}`},
		{"no address for rkt, but DNS", `{"cniVersion":"1.0.0","dns":{"domain":"x"}}`, "1.0.0", "0.1.0", `{"cniVersion":"0.1.0","dns":{"domain":"x"}}`},
	} {
		got, err := Convert([]byte(c.in), c.told, c.asked)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if d := cmp.Diff(tree(t, c.want), tree(t, string(got))); d != "" {
			t.Errorf("%s: got %s\n%s", c.name, got, d)
		}
	}
	for _, in := range []string{"", "x", `{"cniVersion":"9.0.0","ips":[{}]}`, `{"cniVersion":"1.0.0","ips":[{"address":5}]}`} {
		if out, err := Convert([]byte(in), "1.0.0", "0.2.0"); err == nil {
			t.Errorf("%q is converted to %s", in, out)
		}
	}
	if got := string(Empty("")); got != `{"cniVersion":"0.1.0","dns":{}}` {
		t.Errorf("the empty result is %s", got)
	}
}

// script makes a plugin of lines of shell and returns its directory.
func script(t *testing.T, lines string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "fake"), []byte("#!/bin/sh\n"+lines+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCall(t *testing.T) {
	t.Setenv("CNI_COMMAND", "DEL")
	t.Setenv("CNI_ARGS", "TCNI_EGRESS=x")
	t.Setenv("CNI_IFNAME", "eth0")
	for _, c := range []struct{ name, lines, verb, want string }{
		{"environment and stdin", `echo "{\"a\":\"$CNI_COMMAND $CNI_ARGS $CNI_IFNAME $(cat)\"}"`, "ADD", `{"a":"ADD K=V eth0 stdin"}`},
		{"stderr", `echo note >&2; echo {}`, "ADD", `{} stderr: note`},
		{"nothing to print", ``, "DEL", ``},
		{"an error document", `echo '{"cniVersion":"1.0.0","code":11,"msg":"busy","details":"later"}'; exit 1`, "ADD", `error 11: delegate fake: busy (later)`},
		{"no result", ``, "ADD", `error 6: delegate fake: ADD printed no result: unexpected end of JSON input ()`},
		{"null", `echo null`, "ADD", `error 6: delegate fake: ADD printed no result: null is no object (null)`},
		{"garbage", `echo "panic: x"`, "ADD", `error 6: delegate fake: ADD printed no result: invalid character 'p' looking for beginning of value (panic: x)`},
		{"two documents", `echo '{}{}'`, "ADD", `error 6: delegate fake: ADD printed no result: invalid character '{' after top-level value ({}{})`},
		{"garbage and a status", `printf 'x\377'; exit 3`, "DEL", "error 6: delegate fake: DEL: exit status 3, and no error document (x\ufffd)"},
		{"a document without a code", `echo '{"msg":"x"}'; exit 1`, "DEL", `error 6: delegate fake: DEL: exit status 1, and no error document ({"msg":"x"})`},
		{"killed", `kill -9 $$`, "ADD", `error 6: delegate fake: ADD: signal: killed, and no error document ()`},
		{"killed after its result", `echo {}; kill -9 $$`, "ADD", `error 6: delegate fake: ADD: signal: killed, and no error document ({})`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stderr bytes.Buffer
			p := Plugin{Type: "fake", File: script(t, c.lines) + "/fake", Args: "K=V", Stderr: &stderr}
			out, err := p.Call(c.verb, []byte("stdin"))
			if got := outcome(out, stderr.String(), err); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func outcome(out []byte, stderr string, err error) string {
	if e, ok := err.(*Error); ok {
		b, _ := json.Marshal(e.Code)
		return "error " + string(b) + ": " + e.Error() + " (" + e.Details + ")"
	}
	s := strings.TrimSpace(string(out))
	if stderr != "" {
		s += " stderr: " + strings.TrimSpace(stderr)
	}
	return s
}

// TestNotExecutable: what cannot be started is an error of the delegate too.
func TestNotExecutable(t *testing.T) {
	dir := script(t, "")
	if err := os.Chmod(dir+"/fake", 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Plugin{Type: "fake", File: dir + "/fake"}.Call("ADD", nil)
	if got := outcome(nil, "", err); !strings.HasPrefix(got, "error 5: delegate fake: ADD: ") {
		t.Errorf("got %s", got)
	}
}

func TestFind(t *testing.T) {
	dir := script(t, "echo '{\"here\":1}'")
	t.Chdir(filepath.Dir(dir))
	relative := filepath.Base(dir)
	for path, want := range map[string]string{
		dir:                               dir + "/fake",
		"/nowhere::" + dir:                dir + "/fake",
		"/nowhere:" + relative:            relative + "/fake", // as the last entry of rkt's
		relative + ":/nowhere":            relative + "/fake",
		"":                                `error 4: delegate fake: no such plugin in CNI_PATH, "" ()`,
		"/nowhere:" + filepath.Dir("/x/"): `error 4: delegate fake: no such plugin in CNI_PATH, "/nowhere:/x" ()`,
	} {
		file, err := Find("fake", path)
		if got := outcome([]byte(file), "", err); got != want {
			t.Errorf("%q: got %s, want %s", path, got, want)
			continue
		}
		if err == nil {
			out, err := Plugin{Type: "fake", File: file}.Call("ADD", nil)
			if got := outcome(out, "", err); got != `{"here":1}` {
				t.Errorf("%q: %s", path, got)
			}
		}
	}
	t.Chdir(dir)
	file, err := Find("fake", ".")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := (Plugin{Type: "fake", File: file}).Call("ADD", nil); err != nil {
		t.Errorf("in the working directory: %s, %v", out, err)
	}
}
