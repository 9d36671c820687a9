// SPDX-License-Identifier: Apache-2.0

package main

import (
	"tcni.dev/pkg/attach"
	"tcni.dev/pkg/protocol"
)

// check fails if anything in the kernel differs from what add would make, or from
// what tcnictl has put in its place.
func (p process) check(args *protocol.Args) error {
	c, err := readConf(args)
	if err != nil {
		return err
	}
	if c.Delegate != nil {
		if err := p.passOn("CHECK", args); err != nil {
			return err
		}
	}
	return attach.Check(attachment(args, c), p.records)
}
