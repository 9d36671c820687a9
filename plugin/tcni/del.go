// SPDX-License-Identifier: Apache-2.0

package main

import (
	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/protocol"
)

// del takes everything back. It reads nothing of the shape, so that no bad value
// can make it fail, and what is gone already is no error.
func (p process) del(args *protocol.Args) error {
	c, err := conf.ParseIdentity(args.StdinData)
	if err != nil {
		return err
	}
	id, netns := identity(c.Name, args.ContainerID, args.IfName, c.Target), args.Netns
	if c.Target != "" {
		if _, taken := p.otherNetwork(id); taken {
			netns = "" // ours is not there, and theirs stays
		}
	}
	err = attach.Remove(id, netns, c.ExemptNode, p.records)
	if own := identity(c.Name, args.ContainerID, args.IfName, ""); own != id && p.records.Has(own.Mark()) {
		err = both(err, attach.Remove(own, args.Netns, false, p.records)) // adopted by tcnictl
	}
	if c.Delegate == nil {
		return err
	}
	return both(err, p.passOn("DEL", args))
}
