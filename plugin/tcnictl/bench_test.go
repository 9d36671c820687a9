// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"tcni.dev/conf"
	"tcni.dev/internal/nstest"
	"tcni.dev/pkg/attach"
)

// many is how many attachments a node is to have.
const many = 1000

// BenchmarkMany lists and counts the attachments of a node that has many. It
// needs root, and seconds to make them: TCNI_BENCH=1.
func BenchmarkMany(b *testing.B) {
	node, dir := benchNode(b, many)
	for _, verb := range []string{"list", "stats"} {
		b.Run(verb, func(b *testing.B) {
			if err := nstest.Enter(node); err != nil {
				b.Fatal(err)
			}
			var used time.Duration
			for b.Loop() {
				cmd := onNode(node, verb, "--records", dir)
				cmd.Env = append(cmd.Env, enteredEnv+"="+node) // it is started there
				if err := cmd.Run(); err != nil {
					b.Fatal(err)
				}
				used += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			}
			b.ReportMetric(float64(used.Milliseconds())/float64(b.N), "cpu-ms/op") // what a busy machine does not distort
		})
	}
}

// benchNode makes a node with attachments, for the rest of the benchmark.
func benchNode(b *testing.B, pods int) (node, records string) {
	b.Helper()
	if os.Getenv("TCNI_BENCH") == "" {
		b.Skip("takes long: TCNI_BENCH=1")
	}
	node, err := newNamespace(deferring{b})
	if err == nil {
		err = nstest.Enter(node)
	}
	if err != nil {
		b.Fatal(err)
	}
	dir := filepath.Join(b.TempDir(), "run")
	for i := range pods {
		addOne(b, i, attach.Records{Dir: dir})
	}
	return node, dir
}

// onNode is a command of tcnictl on the node. The test's thread is not there.
func onNode(node string, args ...string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Args[0] = "tcnictl"
	cmd.Env = append(os.Environ(), nodeEnv+"="+node)
	return cmd
}

type deferring struct{ b *testing.B }

func (d deferring) Defer(f func()) { d.b.Cleanup(f) }

func addOne(b *testing.B, i int, records attach.Records) {
	b.Helper()
	pod, err := newNamespace(deferring{b})
	if err != nil {
		b.Fatal(err)
	}
	veth := fmt.Sprintf("veth%d", i)
	for _, args := range [][]string{
		{"link", "add", veth, "type", "veth", "peer", "name", "eth0", "netns", pod},
		{"link", "set", veth, "up"},
	} {
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
	}
	c, err := conf.Parse([]byte(`{"cniVersion":"1.0.0","name":"net","type":"tcni","egress":{"rate":"20mbit","rules":[{"match":{"port":9},"rate":"1mbit"}]},"ingress":"rate 50mbit"}`), conf.Env{IfName: "eth0"})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := attach.Add(attach.Attachment{Identity: identityOf(fmt.Sprintf("c%d", i)), Netns: pod, Conf: c}, records); err != nil {
		b.Fatal(err)
	}
}
