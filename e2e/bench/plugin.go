// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"

	"tcni.dev/e2e/lab"
)

// cniVersion is that of every input: GC and STATUS came with it.
const cniVersion = "1.1.0"

// entry is a plugin with its configuration.
type entry struct {
	plugin string
	keys   lab.Conf
}

// The programs that are compared, by their names on the stage.
const (
	ours      = "tcni"
	companion = "tcnictl"
	reference = "bandwidth"
	floor     = "hello"
	peak      = "peak"
)

// mbit is a rate in bit/s.
const mbit = 1_000_000

// rateOnly is the work that both plugins can do: a rate in both directions.
var (
	oursRate = entry{ours, lab.Conf{
		"egress":  lab.Conf{"rate": "10mbit"},
		"ingress": lab.Conf{"rate": "20mbit"},
	}}
	referenceRate = entry{reference, lab.Conf{
		"egressRate": 10 * mbit, "egressBurst": 400_000,
		"ingressRate": 20 * mbit, "ingressBurst": 400_000,
	}}
)

// input is what the entry reads for a verb.
func (e entry) input(verb lab.Verb, p pod) ([]byte, error) {
	conf := lab.Conf{"cniVersion": cniVersion, "name": "bench", "type": e.plugin}
	if verb != lab.GC && verb != lab.STATUS {
		conf["prevResult"] = p.result(cniVersion)
	}
	maps.Copy(conf, e.keys)
	data, err := json.Marshal(conf)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.plugin, err)
	}
	return data, nil
}

// call prepares a verb for a pod; it is closed with the bench.
func (b *bench) call(e entry, verb lab.Verb, p pod) (*call, error) {
	input, err := e.input(verb, p)
	if err != nil {
		return nil, err
	}
	return b.keep(newCall(input, b.lab.Env(verb, p.Attachment), b.path(e.plugin)))
}

// hello prepares the program that does nothing.
func (b *bench) hello() (*call, error) { return b.keep(newCall(nil, nil, b.path(floor))) }

// peakOf prepares a verb that is watched for its memory.
func (b *bench) peakOf(e entry, verb lab.Verb, p pod) (*call, error) {
	input, err := e.input(verb, p)
	if err != nil {
		return nil, err
	}
	return b.keep(newCall(input, b.lab.Env(verb, p.Attachment), b.path(peak), b.path(e.plugin)))
}

func (b *bench) keep(c *call, err error) (*call, error) {
	if err == nil {
		b.calls = append(b.calls, c)
		if b.guest {
			c.limit = guestCallLimit
		}
	}
	return c, err
}

// path of a program of the stage, in the node.
func (b *bench) path(program string) string { return filepath.Join(b.lab.Bin, program) }
