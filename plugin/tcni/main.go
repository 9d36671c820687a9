// SPDX-License-Identifier: Apache-2.0

// A process that lives for two milliseconds need not ask how many processors its
// control group grants it.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

// Command tcni is a chained CNI plugin that shapes a container's network with
// the kernel's own traffic control. See conf/README.md for what it reads.
package main

import (
	"fmt"
	"io"
	"os"

	"tcni.dev/internal/version"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/protocol"
)

const usage = `tcni gives a container a slow, lossy, narrow or jittery network. It is a chained
CNI plugin: a container runtime runs it, with a command in the environment
(CNI_COMMAND: ADD, DEL, CHECK, GC, STATUS or VERSION) and the network's
configuration on standard input. It is not made to be run by hand.

Put it behind the plugin that makes the interface, in the "plugins" of a
conflist (CNI 0.3.0 to 1.1.0), or give it that plugin's configuration under
"delegate" where a runtime knows no chains (0.1.0 to 1.1.0):

  {
    "type": "tcni",
    "capabilities": {"bandwidth": true, "io.kubernetes.cri.pod-annotations": true}
  }

and annotate a pod:

  tcni.dev/egress: "delay 100ms 10ms loss 0.5% rate 20mbit"
`

// process is what a verb meets of the outside world.
type process struct {
	stdout, stderr io.Writer
	records        attach.Records
}

func main() {
	p := process{stdout: os.Stdout, stderr: os.Stderr, records: attach.Records{Dir: attach.RecordDir}}
	if len(os.Args) > 1 {
		os.Exit(p.byHand(os.Args[1]))
	}
	outside := protocol.Process{Getenv: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	if err := p.plugin().Run(outside); err != nil {
		if werr := err.Print(); werr != nil {
			fmt.Fprintf(os.Stderr, "tcni: %v: %v\n", err, werr)
		}
		os.Exit(1)
	}
}

// byHand answers who calls it with an argument, as no runtime does. It returns
// the exit status.
func (p process) byHand(arg string) int {
	if arg == "--version" {
		fmt.Fprintln(p.stdout, version.Of("tcni"))
		return 0
	}
	fmt.Fprint(p.stderr, usage)
	if arg == "-h" || arg == "--help" || arg == "help" {
		return 0
	}
	return 2
}

func (p process) plugin() *protocol.Plugin {
	return &protocol.Plugin{
		Add:    coded(p.add),
		Check:  coded(p.check),
		Del:    coded(p.del),
		GC:     coded(p.gc),
		Status: coded(p.status),

		Versions: []string{"0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"},
		About:    usage,
	}
}

// warn tells the runtime's log what did not make the call fail.
func (p process) warn(warnings ...string) {
	for _, w := range warnings {
		fmt.Fprintf(p.stderr, "tcni: warning: %s\n", w)
	}
}
