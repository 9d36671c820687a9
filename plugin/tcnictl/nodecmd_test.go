// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// podCmd makes a container with an interface and shapes it: "pod NAME ENTRY".
// The pods of a script have the IDs c1aaaaaaaaaaaaaa, c2…, and the addresses
// 10.9.1.2, 10.9.2.2, …; the node has 10.9.1.1, ….
func podCmd(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: pod NAME ENTRY")
	}
	n, _ := strconv.Atoi(ts.Getenv("PODS"))
	n++
	ts.Setenv("PODS", strconv.Itoa(n))
	pod, err := newNamespace(ts)
	ts.Check(err)
	ts.Setenv("NS_"+args[0], pod)
	id := fmt.Sprintf("c%d%s", n, strings.Repeat("a", 14))
	ts.Setenv("ID_"+args[0], id)
	veth := fmt.Sprintf("veth%d", n)
	for _, line := range []string{
		"NODE ip link set lo up",
		"NODE ip link add " + veth + " type veth peer name eth0 netns " + pod,
		"NODE ip addr add 10.9." + strconv.Itoa(n) + ".1/24 dev " + veth,
		"NODE ip link set " + veth + " up",
		"POD ip addr add 10.9." + strconv.Itoa(n) + ".2/24 dev eth0",
		"POD ip link set lo up",
		"POD ip link set eth0 addrgenmode none", // nothing is sent but by the script
		"POD ip link set eth0 up",
		"POD ip route add default via 10.9." + strconv.Itoa(n) + ".1",
	} {
		where, command, _ := strings.Cut(line, " ")
		ns := pod
		if where == "NODE" {
			ns = ts.Getenv(nodeEnv)
		}
		ts.Check(ts.Exec("nsenter", append([]string{"--net=" + ns}, strings.Fields(command)...)...))
	}
	if args[1] != "" {
		ts.Check(ts.Exec("tcni-add", args[0], id, pod, args[1]))
	}
}

// cacheCmd makes libcni's file of a pod: "cache POD".
func cacheCmd(ts *testscript.TestScript, neg bool, args []string) {
	id, dir := ts.Getenv("ID_"+args[0]), ts.Getenv(cacheEnv)
	text := fmt.Sprintf(`{"kind":"cniCacheV1","containerId":%q,"config":"e30=","ifName":"eth0","networkName":"net",`+
		`"cniArgs":[["IgnoreUnknown","1"],["K8S_POD_NAMESPACE","default"],["K8S_POD_NAME",%q]],`+
		`"result":{"cniVersion":"1.0.0","interfaces":[{"name":"veth1"},{"name":"eth0","sandbox":%q}]}}`, id, args[0], ts.Getenv("NS_"+args[0]))
	ts.Check(os.MkdirAll(dir, 0o755))
	ts.Check(os.WriteFile(filepath.Join(dir, "net-"+id+"-eth0"), []byte(text), 0o600))
}

// inCmd runs a command in a pod: "in POD COMMAND…".
func inCmd(ts *testscript.TestScript, neg bool, args []string) {
	err := ts.Exec("nsenter", append([]string{"--net=" + ts.Getenv("NS_"+args[0])}, args[1:]...)...)
	if (err != nil) != neg {
		ts.Fatalf("%v", err)
	}
}

// nodeCmd runs a command on the node: "node COMMAND…".
func nodeCmd(ts *testscript.TestScript, neg bool, args []string) {
	err := ts.Exec("nsenter", append([]string{"--net=" + ts.Getenv(nodeEnv)}, args...)...)
	if (err != nil) != neg {
		ts.Fatalf("%v", err)
	}
}

// eventuallyCmd repeats a command until it succeeds, for a minute at most.
func eventuallyCmd(ts *testscript.TestScript, neg bool, args []string) {
	var err error
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if err = ts.Exec(args[0], args[1:]...); (err == nil) != neg {
			return
		}
	}
	ts.Fatalf("%v", err)
}

// killRevertersCmd kills the processes that wait to take something back, or asks
// them to end ("killreverters TERM"); those of this script alone: they are told its
// directory of records.
func killRevertersCmd(ts *testscript.TestScript, neg bool, args []string) {
	signal := syscall.SIGKILL
	if len(args) == 1 && args[0] == "TERM" {
		signal = syscall.SIGTERM
	}
	paths, err := filepath.Glob("/proc/[0-9]*/cmdline")
	ts.Check(err)
	killed := 0
	for _, path := range paths {
		data, _ := os.ReadFile(path)
		words := strings.Split(string(data), "\x00")
		if len(words) > 5 && words[1] == "revert" && words[5] == ts.Getenv(recordsEnv) {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			ts.Check(err)
			ts.Check(syscall.Kill(pid, signal))
			killed++
		}
	}
	if killed == 0 {
		ts.Fatalf("nobody waits")
	}
}
