// SPDX-License-Identifier: Apache-2.0

package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
	"github.com/containernetworking/cni/pkg/version"
	"github.com/google/go-cmp/cmp"
)

const asReference = "TCNI_TEST_REFERENCE"

var versions = []string{"0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"}

// TestMain makes this binary a plugin on package skel where it is asked to.
func TestMain(m *testing.M) {
	if os.Getenv(asReference) == "" {
		os.Exit(m.Run())
	}
	told := func(verb string) func(*skel.CmdArgs) error {
		return func(a *skel.CmdArgs) error {
			return call(verb, &Args{a.ContainerID, a.Netns, a.IfName, a.Args, a.Path, a.StdinData}, os.Stdout)
		}
	}
	funcs := skel.CNIFuncs{Add: told("ADD"), Del: told("DEL"), Check: told("CHECK"), GC: told("GC"), Status: told("STATUS")}
	skel.PluginMainFuncs(funcs, version.PluginSupports(versions...), "about")
	os.Exit(0)
}

// call is what both plugins do: print the arguments, or fail if they say so.
func call(verb string, a *Args, stdout interface{ Write([]byte) (int, error) }) error {
	if a.Args == "fail" {
		return errors.New("failed")
	}
	if a.Args == "known" {
		return types.NewError(77, "known", "details")
	}
	data, err := json.Marshal(a)
	if err == nil {
		_, err = stdout.Write(append([]byte(verb), data...))
	}
	return err
}

// outcome is what a runtime sees. The words of errors are not compared, but for
// those that the plugin said.
type outcome struct {
	Stdout string
	About  bool
	Code   uint
	Said   string
}

func ours(env map[string]string, stdin string) outcome {
	var stdout, stderr bytes.Buffer
	told := func(verb string) func(*Args) error { return func(a *Args) error { return call(verb, a, &stdout) } }
	p := &Plugin{Add: told("ADD"), Del: told("DEL"), Check: told("CHECK"), GC: told("GC"), Status: told("STATUS"), Versions: versions, About: "about"}
	err := p.Run(Process{Getenv: func(k string) string { return env[k] }, Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr})
	if err != nil {
		return failure(err)
	}
	return outcome{Stdout: stdout.String(), About: strings.HasPrefix(stderr.String(), "about\nCNI protocol versions supported: 0.1.0")}
}

func failure(e *types.Error) outcome {
	o := outcome{Code: e.Code}
	if e.Msg == "failed" || e.Msg == "known" {
		o.Said = e.Error()
	}
	return o
}

func reference(t *testing.T, env map[string]string, stdin string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("/proc/self/exe")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	cmd.Env = append(cmd.Env, asReference+"=1")
	for k, v := range env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	if err := cmd.Run(); err != nil {
		e := new(types.Error)
		// where it finds the namespace to be its own, what the verb printed stands before the error
		text := stdout.String()
		if i := strings.Index(text, "{\n"); i >= 0 {
			text = text[i:]
		}
		if err := json.Unmarshal([]byte(text), e); err != nil {
			t.Fatalf("%v: %s%s", err, &stdout, &stderr)
		}
		return failure(e)
	}
	return outcome{Stdout: stdout.String(), About: strings.HasPrefix(stderr.String(), "about\nCNI protocol versions supported: 0.1.0")}
}

// with returns the parameters of a verb, some of them changed: "K=V".
func with(verb string, changes ...string) map[string]string {
	env := map[string]string{
		"CNI_COMMAND": verb, "CNI_CONTAINERID": "c1", "CNI_NETNS": "/nowhere", "CNI_IFNAME": "eth0", "CNI_PATH": "/opt", "CNI_ARGS": "A=B",
	}
	for _, c := range changes {
		k, v, _ := strings.Cut(c, "=")
		if env[k] = v; v == "" {
			delete(env, k)
		}
	}
	return env
}

// TestReference holds Run to package skel: the same verbs are called with the
// same arguments, and errors have the same codes.
func TestReference(t *testing.T) {
	const good = `{"cniVersion":"1.1.0","name":"net","type":"x"}`
	type attempt struct {
		env   map[string]string
		stdin string
	}
	var all []attempt
	for _, verb := range []string{"ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION", "", "add", "FOO"} {
		for _, v := range append(versions, "", "0.3", "1.2.0", "9.0.0", "1.x", "1.1.0.0", "x") {
			all = append(all, attempt{with(verb), `{"cniVersion":"` + v + `","name":"net","type":"x"}`})
		}
		for _, name := range []string{"CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_PATH", "CNI_ARGS"} {
			all = append(all, attempt{with(verb, name+"="), good})
		}
		for _, change := range []string{
			"CNI_CONTAINERID=-a", "CNI_CONTAINERID=a b", "CNI_CONTAINERID=A.b_c-9", "CNI_CONTAINERID=é", "CNI_CONTAINERID=a\n",
			"CNI_IFNAME=.", "CNI_IFNAME=..", "CNI_IFNAME=a/b", "CNI_IFNAME=a:b", "CNI_IFNAME=a\u2003b", "CNI_IFNAME=\x85", "CNI_IFNAME=0123456789abcde", "CNI_IFNAME=0123456789abcdef",
			"CNI_NETNS=/proc/self/ns/net", "CNI_ARGS=fail", "CNI_ARGS=known",
		} {
			all = append(all, attempt{with(verb, change), good})
		}
		all = append(all, attempt{with(verb, "CNI_NETNS=/proc/self/ns/net", "CNI_NETNS_OVERRIDE=True"), good})
		if verb != "ADD" { // see TestOwnNetns
			all = append(all, attempt{with(verb, "CNI_NETNS=/proc/self/ns/net", "CNI_ARGS=fail"), good})
		}
		for _, stdin := range []string{
			``, `{`, `5`, `{"name":"net"}`, `{"cniVersion":null,"name":"net"}`, `{"name":""}`, `{}`, `{"name":"a b"}`, `{"name":"-a"}`, ` {"name" : "a-b.c_9" } `,
		} {
			all = append(all, attempt{with(verb), stdin})
		}
	}
	for _, a := range all {
		want := reference(t, a.env, a.stdin)
		got := ours(a.env, a.stdin)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%v <%s -want +got:\n%s", a.env, a.stdin, d)
		}
	}
}

// TestOwnNetns: ADD finds out before it begins, DEL does what it can.
func TestOwnNetns(t *testing.T) {
	for verb, want := range map[string]bool{"ADD": false, "DEL": true} {
		called := false
		mark := func(*Args) error { called = true; return nil }
		p := &Plugin{Add: mark, Del: mark, Versions: versions}
		env := with(verb, "CNI_NETNS=/proc/self/ns/net")
		err := p.Run(Process{Getenv: func(k string) string { return env[k] }, Stdin: strings.NewReader(`{"name":"net"}`)})
		if err == nil || err.Code != types.ErrInvalidNetNS || !strings.Contains(err.Msg, "/proc/self/ns/net") || called != want {
			t.Errorf("%s: called %v, %v", verb, called, err)
		}
	}
}
