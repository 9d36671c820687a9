// SPDX-License-Identifier: Apache-2.0

package runtimes

import (
	"context"
	"path/filepath"
	"strings"

	"tcni.dev/e2e/lab"
)

// follower does what a page says, in a jail.
type follower struct {
	*node
	jail     *lab.Jail
	preamble string // of every step
	steps    []string
}

// follow writes the page's conflist and readies its steps, with some words of both replaced.
func (n *node) follow(p page, replace ...string) *follower {
	n.t.Helper()
	const name = "/etc/cni/net.d/10-weather.conflist"
	conf := n.write("net.d/10-weather.conflist", strings.NewReplacer(replace...).Replace(p.file(name)))
	j, err := n.NewJail()
	if err != nil {
		n.t.Fatal(err)
	}
	return &follower{
		node: n, jail: j, preamble: "export PATH=" + n.clients + ":$PATH\n",
		steps: p.steps(append(replace, "/opt/cni/bin", n.Bin, "/etc/cni/net.d", filepath.Dir(conf))...),
	}
}

// shell runs a script and returns what it printed.
func (f *follower) shell(script string) string {
	f.t.Helper()
	out, err := f.jail.Output(context.WithoutCancel(f.t.Context()), "sh", "-euc", f.preamble+script)
	if err != nil {
		f.t.Fatalf("%v\nof\n%s", err, script)
	}
	return strings.TrimSpace(out)
}

// do goes through the steps and calls measure before the last, which takes the container away. The
// container's namespace is mounted where the script where says.
func (f *follower) do(where string, measure func(pod)) {
	f.t.Helper()
	last := len(f.steps) - 1
	for _, step := range f.steps[:last] {
		f.shell(step)
	}
	path := f.shell(where)
	ns, err := f.jail.Open(filepath.Base(path), path)
	if err != nil {
		f.t.Fatal(err)
	}
	measure(pod{f.node, ns, f.address(ns, "eth0")})
	if err := ns.Close(); err != nil {
		f.t.Error(err)
	}
	f.shell(f.steps[last])
}

// doTwice measures the second time, after which the node is as after the first: what the main plugin
// leaves, such as its bridge, is there already.
func (f *follower) doTwice(where string, measure func(pod)) {
	f.t.Helper()
	f.do(where, func(pod) {})
	before := f.snapshot()
	f.do(where, measure)
	f.unchanged(before, "the last step")
}
