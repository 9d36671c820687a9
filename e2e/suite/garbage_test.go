// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"math/rand/v2"
	"strings"
	"testing"

	"tcni.dev/e2e/lab"
)

// garbage is what a broken runtime may give as standard input.
func garbage() map[string]string {
	random := make([]byte, 4096)
	src := rand.New(rand.NewPCG(1, 2))
	for i := range random {
		random[i] = byte(src.Uint32())
	}
	const head = `{"cniVersion":"1.0.0","name":"weather","type":"tcni",`
	return map[string]string{
		"random":           string(random),
		"empty":            "",
		"blank":            " \n ",
		"null":             "null",
		"number":           "7",
		"list":             "[]",
		"string":           `"tcni"`,
		"cut off":          head,
		"nothing in it":    "{}",
		"no name":          `{"cniVersion":"1.0.0","type":"tcni"}`,
		"name is a list":   `{"cniVersion":"1.0.0","name":[],"type":"tcni"}`,
		"bad version":      `{"cniVersion":1,"name":"weather","type":"tcni"}`,
		"nested":           head + `"egress":` + strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000) + "}",
		"nested lists":     strings.Repeat("[", 100_000),
		"prevResult is 7":  head + `"prevResult":7,"egress":"rate 1mbit"}`,
		"two documents":    head + `"egress":"rate 1mbit"}{}`,
		"key given twice":  head + `"egress":"rate 1mbit","egress":"rate 2mbit"}`,
		"large number":     head + `"egress":{"limit":` + strings.Repeat("9", 400) + `}}`,
		"not UTF-8":        head + "\"egress\":\"rate \xff\xfe\"}",
		"NUL":              head + "\"egress\":\"rate\x001mbit\"}",
		"annotation is 7":  head + `"runtimeConfig":{"io.kubernetes.cri.pod-annotations":7},"prevResult":{}}`,
		"bandwidth is []":  head + `"runtimeConfig":{"bandwidth":[]},"prevResult":{}}`,
		"args is a string": head + `"args":{"cni":{"tcni":"rate"}},"prevResult":{}}`,
	}
}

// tolerated is what is not ours to judge: the result of the plugin before us is
// passed through as it is, and annotations that are none are the pod's.
var tolerated = map[string]bool{"prevResult is 7": true, "annotation is 7": true}

// TestGarbage never prints anything but one error document, nor leaves a trace.
func TestGarbage(t *testing.T) {
	n := newNetwork(t, ptp)
	before := n.snapshot()
	for name, stdin := range garbage() {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []lab.Verb{lab.ADD, lab.CHECK, lab.STATUS, lab.GC, lab.DEL} {
				run := n.run(verb, n.attach, []byte(stdin))
				if run.Signal != 0 || strings.Contains(run.Stderr, "goroutine ") {
					t.Fatalf("%s: %v: %s", verb, run.Signal, run.Stderr)
				}
				switch {
				case verb == lab.ADD && run.ExitCode == 0 && tolerated[name]:
					n.run(lab.DEL, n.attach, []byte(stdin))
				case verb == lab.ADD:
					e := failure(t, run)
					t.Logf("%d: %.150s", e.Code, e.Msg)
				case run.ExitCode != 0:
					failure(t, run)
				case run.Stdout != "":
					t.Errorf("%s printed %q", verb, run.Stdout)
				}
			}
		})
	}
	n.unchanged(before, "garbage")
}

// TestGarbageEnv lacks what must be in the environment, or has it wrong.
func TestGarbageEnv(t *testing.T) {
	n := newNetwork(t, ptp)
	before := n.snapshot()
	for name, change := range map[string]func(a *lab.Attachment){
		"no container": func(a *lab.Attachment) { a.ContainerID = "" },
		"container":    func(a *lab.Attachment) { a.ContainerID = "../../etc" },
		"no interface": func(a *lab.Attachment) { a.IfName = "" },
		"interface":    func(a *lab.Attachment) { a.IfName = "a/b" },
		"long name":    func(a *lab.Attachment) { a.IfName = "interface-of-the-container" },
		"no netns":     func(a *lab.Attachment) { a.NetNS = "" },
	} {
		t.Run(name, func(t *testing.T) {
			a := n.attach
			change(&a)
			failure(t, n.run(lab.ADD, a, n.stdin(shape("auto"))))
		})
	}
	e := failure(t, n.run("FLY", n.attach, n.stdin(nil)))
	if e.Code != codeEnv {
		t.Errorf("unknown command: code %d", e.Code)
	}
	n.unchanged(before, "garbage")
}

// TestByHand runs tcni as a person would.
func TestByHand(t *testing.T) {
	n := newNetwork(t, ptp)
	run, err := n.Plugin(t.Context(), "tcni", n.Env("VERSION", lab.Attachment{}), []byte(`{"cniVersion":"1.1.0"}`))
	if err != nil || run.ExitCode != 0 || !strings.Contains(run.Stdout, `"0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]`) {
		t.Errorf("VERSION: %v, exit %d: %s", err, run.ExitCode, run.Stdout)
	}
	out, err := n.Node.Output(t.Context(), n.Bin+"/tcni", "--help")
	if err != nil || out != "" {
		t.Errorf("--help: %v, stdout %q", err, out)
	}
}
