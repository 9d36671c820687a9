// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// controls are the beats of a machine: what they are called, and when they were
// late.
type controls map[string][]span

// processors and rtnl are the two kinds.
const (
	processors = "processors"
	rtnl       = "rtnl"
)

// startControls lets a beat run on each processor, and one for RTNL, until ended
// is called.
func startControls(b *testing.B) (ended func() controls) {
	b.Helper()
	all := []*control{startControl(b, rtnl, rtnl)}
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		b.Fatal(err)
	}
	for cpu, left := 0, set.Count(); left > 0; cpu++ {
		if set.IsSet(cpu) {
			all = append(all, startControl(b, processors, strconv.Itoa(cpu)))
			left--
		}
	}
	return func() controls {
		out := controls{}
		for _, c := range all {
			out[c.kind] = append(out[c.kind], c.end(b)...)
		}
		return out
	}
}

type control struct {
	*exec.Cmd
	kind string
	in   io.Closer
	out  bytes.Buffer
}

func startControl(b *testing.B, kind, arg string) *control {
	b.Helper()
	c := &control{Cmd: exec.Command("/proc/self/exe", arg), kind: kind}
	c.Args[0], c.Env = "beat", append(os.Environ(), "GODEBUG=asyncpreemptoff=1")
	c.Stdout, c.Stderr = &c.out, os.Stderr
	in, err := c.StdinPipe()
	if err == nil {
		c.in = in
		err = c.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func (c *control) end(b *testing.B) (out []span) {
	b.Helper()
	c.in.Close()
	var late []beat
	if err := errors.Join(c.Wait(), json.Unmarshal(c.out.Bytes(), &late)); err != nil {
		b.Fatal(err)
	}
	for _, l := range late {
		out = append(out, before(l.Time, l.Late))
	}
	return out
}
