// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"tcni.dev/conf"
	"tcni.dev/internal/nstest"
	"tcni.dev/pkg/attach"
)

// nodeEnv names the network namespace that stands for the host's.
const nodeEnv = "TCNI_TEST_NODE"

// enteredEnv tells a program that it runs in that namespace already.
const enteredEnv = "TCNI_TEST_ENTERED"

// inNode runs a command in the node's namespace. Only a thread can enter it, so
// the program is executed once more from one that has.
func inNode(run func() int) func() {
	return func() {
		ns := os.Getenv(nodeEnv)
		if ns == "" || os.Getenv(enteredEnv) == ns {
			os.Exit(run())
		}
		err := nstest.Enter(ns)
		if err == nil {
			err = syscall.Exec("/proc/self/exe", os.Args, append(os.Environ(), enteredEnv+"="+ns))
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(125)
	}
}

// addMain is the plugin's ADD: tcni-add POD ID NETNS ENTRY.
func addMain() int {
	c, err := conf.Parse(fmt.Appendf(nil, `{"cniVersion":"1.0.0","name":"net","type":"tcni",%s}`, os.Args[4]),
		conf.Env{IfName: "eth0", Args: "K8S_POD_NAMESPACE=default;K8S_POD_NAME=" + os.Args[1]})
	if err == nil {
		a := attach.Attachment{Identity: identityOf(os.Args[2]), Netns: os.Args[3], Conf: c}
		_, err = attach.Add(a, testRecords())
	}
	return report(err)
}

// delMain is the plugin's DEL: tcni-del ID NETNS.
func delMain() int {
	return report(attach.Remove(identityOf(os.Args[1]), os.Args[2], false, testRecords()))
}

func report(err error) int {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func testRecords() attach.Records { return attach.Records{Dir: os.Getenv(recordsEnv)} }

func identityOf(id string) attach.Identity {
	return attach.Identity{Network: "net", ContainerID: id, IfName: "eth0"}
}

func testProcess() *process {
	return &process{
		in: strings.NewReader(""), out: &bytes.Buffer{}, err: &bytes.Buffer{}, now: time.Now,
		getenv: func(string) string { return "" }, interactive: func(any) bool { return false },
	}
}

// TestKernelScripts runs scripts on a node of their own: a namespace with pods
// that they make. It needs root.
func TestKernelScripts(t *testing.T) { runOnNode(t, "testdata/kernel") }

// TestNetemScripts needs a kernel that has netem.
func TestNetemScripts(t *testing.T) {
	switch has := hasNetem(); {
	case !has && os.Getenv("TCNI_NETEM_TESTS") == "1":
		t.Fatal("this kernel lacks netem")
	case !has:
		t.Skip("this kernel lacks netem")
	}
	runOnNode(t, "testdata/netem")
}

func hasNetem() bool {
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		ok := unix.Unshare(unix.CLONE_NEWNET) == nil
		done <- ok && exec.Command("tc", "qdisc", "add", "dev", "lo", "root", "netem").Run() == nil
	}()
	return <-done
}

// mayEnterNamespaces tells whether the process is root with its capabilities.
func mayEnterNamespaces() bool {
	in, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, unix.CAP_SYS_ADMIN, 0, 0, 0)
	return os.Geteuid() == 0 && err == nil && in == 1
}

func runOnNode(t *testing.T, dir string) {
	if !mayEnterNamespaces() {
		if os.Getenv("CI") != "" || os.Getenv("TCNI_ROOT_TESTS") != "" {
			t.Fatal("this run promised root, and is not")
		}
		t.Skip("needs root: network namespaces")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Condition:           kernelCan,
		Setup: func(env *testscript.Env) error {
			node, err := newNamespace(env)
			env.Setenv(nodeEnv, node)
			env.Setenv(recordsEnv, filepath.Join(env.WorkDir, "run"))
			env.Setenv(cacheEnv, filepath.Join(env.WorkDir, "cache"))
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"pod": podCmd, "cache": cacheCmd, "in": inCmd, "node": nodeCmd, "eventually": eventuallyCmd, "killreverters": killRevertersCmd},
	})
}

// newNamespace makes a namespace that lasts as long as the script.
func newNamespace(env interface{ Defer(func()) }) (string, error) {
	path, closeIt, err := nstest.New()
	if err == nil {
		env.Defer(closeIt)
	}
	return path, err
}
