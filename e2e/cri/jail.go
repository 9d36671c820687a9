// SPDX-License-Identifier: Apache-2.0

package cri

import "tcni.dev/e2e/lab"

// Node is where the daemon and its plugins run: the node with the pods' namespaces mounted, for
// programs of the administrator's.
func (c *Containerd) Node() *lab.NS { return c.jail.NS }
