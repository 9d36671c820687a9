// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/containernetworking/cni/pkg/types"

	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/protocol"
)

// codeUnavailable says that ADD cannot be served (CNI SPEC 1.1.0, "STATUS").
const codeUnavailable = 50

// status asks the kernel for what every attachment needs. What only some would
// need is said on stderr: an error would take the node out of service.
func (p process) status(args *protocol.Args) error {
	c, err := readConf(args)
	if err != nil {
		return err
	}
	needs, wishes, err := attach.Status(c)
	if err != nil {
		return err
	}
	p.warn(wishes...)
	if len(needs) > 0 {
		return types.NewError(codeUnavailable, needs[0], "")
	}
	if c.Delegate == nil {
		return nil
	}
	return p.passOn("STATUS", args)
}
