// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"

	"github.com/containernetworking/cni/pkg/types"

	"tcni.dev/conf"
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/protocol"
)

// gc is del for every attachment of the network that the runtime does not name.
// Where the key is absent nothing is known, and nothing is deleted; where it is
// null or empty there are none (CNI SPEC 1.1.0, "GC").
func (p process) gc(args *protocol.Args) error {
	c, err := conf.ParseIdentity(args.StdinData)
	if err != nil || c.ValidAttachments == nil {
		return err
	}
	var named []types.GCAttachment
	if err := json.Unmarshal(c.ValidAttachments, &named); err != nil {
		return types.NewError(types.ErrDecodingFailure, fmt.Sprintf("cni.dev/valid-attachments: %v", err), "")
	}
	var valid []attach.Identity
	for _, v := range named {
		// tcnictl knows attachments by the runtime's name, also where we shape another.
		for _, target := range []string{c.Target, ""} {
			valid = append(valid, identity(c.Name, v.ContainerID, v.IfName, target))
		}
	}
	err = attach.Collect(c.Name, valid, c.ExemptNode, p.records)
	if c.Delegate == nil {
		return err
	}
	return both(err, p.passOn("GC", args))
}
