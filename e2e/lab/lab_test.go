// SPDX-License-Identifier: Apache-2.0

package lab_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
)

// TestMain lets this binary be a process that makes a lab and is killed.
func TestMain(m *testing.M) {
	if os.Getenv("LAB_TEST_VICTIM") != "" {
		os.Exit(victim())
	}
	os.Exit(m.Run())
}

func victim() int {
	ctx := context.Background()
	l, err := lab.New(ctx, lab.Options{Bin: os.TempDir(), Worlds: lab.DefaultWorlds()})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	jail, err := l.NewJail()
	if err == nil {
		err = jail.Start(exec.Command("sleep", "600"))
	}
	if _, cerr := l.AddContainer("web"); cerr != nil || err != nil {
		fmt.Println(err, cerr)
		return 1
	}
	fmt.Println(l.Dir)
	time.Sleep(time.Minute)
	return 1
}

// TestKilled kills a process that has a lab: its jail dies with it, and the next sweep removes
// the rest.
func TestKilled(t *testing.T) {
	labtest.RequireRoot(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LAB_TEST_VICTIM=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	dir, err := bufio.NewReader(out).ReadString('\n')
	dir = strings.TrimSpace(dir)
	if err != nil || !strings.Contains(dir, lab.Prefix) {
		t.Errorf("the process said %q, %v", dir, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait()  // killed
	for range 300 { // another process's sweep may be at it
		if err := lab.Sweep(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("sweeps left %s", dir)
}

func TestIsolation(t *testing.T) {
	l := labtest.New(t, lab.Options{Bin: t.TempDir(), Worlds: lab.DefaultWorlds()})
	if err := l.Node.Do(func() error { return os.WriteFile("/run/"+filepath.Base(l.Dir), nil, 0o644) }); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat("/run/" + filepath.Base(l.Dir)); err == nil {
		t.Error("the node writes to the machine's /run")
	}
	for _, world := range lab.DefaultWorlds() {
		if _, err := net.InterfaceByName(world.Name); err == nil {
			t.Errorf("the machine has the link %s", world.Name)
		}
	}
	out, err := l.Node.Output(t.Context(), "ls", "/sys/class/net")
	if err != nil || strings.Join(strings.Fields(out), " ") != "catalogue lo payments" {
		t.Errorf("/sys/class/net in the node is %q, %v", out, err)
	}
}

func TestDo(t *testing.T) {
	l := labtest.New(t, lab.Options{Bin: t.TempDir()})
	want := errors.New("a cause")
	if err := l.Node.Do(func() error { return want }); !errors.Is(err, want) {
		t.Errorf("error is %v", err)
	}
	c := labtest.Container(t, l, "web")
	if _, err := l.AddContainer("web"); err == nil {
		t.Error("a second container of one name is no error")
	}
	var node, inner string
	err := l.Node.Do(func() (err error) {
		if err = c.Do(func() error { inner, err = os.Readlink("/proc/thread-self/ns/net"); return err }); err != nil {
			return err
		}
		node, err = os.Readlink("/proc/thread-self/ns/net")
		return err
	})
	if err != nil || inner == node || inner == "" {
		t.Errorf("nested: node is %s, container is %s, %v", node, inner, err)
	}
}

func TestExec(t *testing.T) {
	l := labtest.New(t, lab.Options{Bin: t.TempDir()})
	run, err := l.Node.Exec(t.Context(), lab.Command{Path: "cat", Stdin: []byte("hello")})
	if err != nil || run.Stdout != "hello" || run.ExitCode != 0 || run.Elapsed <= 0 {
		t.Errorf("cat: %+v, %v", run, err)
	}
	run, err = l.Node.Exec(t.Context(), lab.Command{Path: "sh", Args: []string{"-c", "echo no >&2; exit 3"}, Env: []string{}})
	if err != nil || run.ExitCode != 3 || run.Stderr != "no\n" {
		t.Errorf("sh: %+v, %v", run, err)
	}
	run, err = l.Node.Exec(t.Context(), lab.Command{Path: "sleep", Args: []string{"60"}, KillAfter: 10 * time.Millisecond})
	if err != nil || run.Signal != syscall.SIGKILL {
		t.Errorf("sleep: %+v, %v", run, err)
	}
	if _, err = l.Node.Exec(t.Context(), lab.Command{Path: "no-such-program"}); err == nil {
		t.Error("a missing program is no error")
	}
}
