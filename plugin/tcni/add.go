// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"runtime/debug"

	"github.com/containernetworking/cni/pkg/types"

	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/delegate"
	"tcni.dev/pkg/protocol"
)

// add shapes the interface and passes the previous plugin's result on as it is.
func (p process) add(args *protocol.Args) error {
	c, err := readConf(args)
	if err != nil {
		return err
	}
	if c.Delegate != nil {
		return p.addDelegate(args, c)
	}
	result, err := resultOf(c)
	if err != nil {
		return err
	}
	if err := p.shape(args, c); err != nil {
		return err
	}
	return p.print(result, args, c)
}

// print ends an ADD. What the runtime is not told of is taken back.
func (p process) print(result []byte, args *protocol.Args, c *conf.Conf) error {
	_, err := p.stdout.Write(result)
	if err == nil {
		return nil
	}
	err = types.NewError(types.ErrIOFailure, fmt.Sprintf("result: %v", err), "")
	return both(err, attach.Remove(attachment(args, c).Identity, args.Netns, c.ExemptNode, p.records))
}

// resultOf is what ADD prints where there is no delegate.
func resultOf(c *conf.Conf) ([]byte, error) {
	switch {
	case len(c.PrevResult) > 0:
		return c.PrevResult, nil
	case c.Target != "":
		return delegate.Empty(c.CNIVersion), nil
	}
	return nil, types.NewError(types.ErrInvalidNetworkConfig,
		"no prevResult: put tcni behind the plugin that makes the interface, or give it that one as its delegate, or a target", "")
}

// shape gives the interface what the configuration asks for.
func (p process) shape(args *protocol.Args, c *conf.Conf) error {
	a := attachment(args, c)
	if c.Target != "" {
		if rec, taken := p.otherNetwork(a.Identity); taken {
			return types.NewError(codeForeign, fmt.Sprintf("target: %s is shaped by network %s already", c.Target, rec.Network), "")
		}
	}
	warnings, err := attach.Add(a, p.records)
	if err != nil {
		return err
	}
	p.warn(append(c.Warnings, warnings...)...)
	return nil
}

// With so long a configuration, thousands of rules, the collector works harder
// once the heap is at the limit: with 5000 rules in each direction, 18 MB are
// resident and not 26, for a third more time. Setting a limit stops the world,
// which an ADD with a few rules, that never collects, need not wait for.
const (
	longConf    = 64 << 10
	memoryLimit = 16 << 20
)

// readConf reads the configuration and all that comes with it.
func readConf(args *protocol.Args) (*conf.Conf, error) {
	if len(args.StdinData) > longConf {
		debug.SetMemoryLimit(memoryLimit)
	}
	return conf.Parse(args.StdinData, conf.Env{Args: args.Args, IfName: args.IfName, Tables: conf.SystemTable, Profiles: conf.SystemProfiles})
}

// attachment is what args and the configuration say of the container.
func attachment(args *protocol.Args, c *conf.Conf) attach.Attachment {
	return attach.Attachment{
		Identity: identity(c.Name, args.ContainerID, args.IfName, c.Target),
		Netns:    args.Netns,
		Conf:     c,
	}
}

// identity names the interface that is shaped: the runtime's, or the target.
func identity(network, containerID, ifName, target string) attach.Identity {
	if target != "" {
		ifName = target
	}
	return attach.Identity{Network: network, ContainerID: containerID, IfName: ifName}
}

// otherNetwork finds another network's attachment of the same interface, which
// a target can meet: there is room for one shape only.
func (p process) otherNetwork(id attach.Identity) (attach.Record, bool) {
	marks, err := p.records.Marks()
	if err != nil {
		return attach.Record{}, false // where no record can be read, none can be written either
	}
	for _, m := range marks {
		if m == id.Mark() || !m.SameInterface(id.Mark()) {
			continue
		}
		if rec, err := p.records.Read(m); err == nil {
			return rec, true
		}
	}
	return attach.Record{}, false
}
