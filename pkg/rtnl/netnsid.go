// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// NamespaceID returns the id that this namespace has for the one at path, as in
// Link.PeerNetns; false where it has given it none, which means that none of its
// links shown so far has its other end there (RTM_GETNSID, net/core/net_namespace.c).
func (c *Conn) NamespaceID(path string) (id int32, ok bool, err error) {
	file, err := openNamespace(path)
	if err != nil {
		return 0, false, &NamespaceError{Path: path, Err: err}
	}
	defer func() { _ = unix.Close(file) }()
	c.mu.Lock()
	defer c.mu.Unlock()
	b := &c.out
	b.reset()
	b.begin(unix.RTM_GETNSID, unix.NLM_F_ACK)
	b.put32(unix.AF_UNSPEC) // struct rtgenmsg
	b.u32(unix.NETNSA_FD, uint32(file))
	id = unix.NETNSA_NSID_NOT_ASSIGNED
	if err := c.request(func(m message) error {
		if m.typ == unix.RTM_NEWNSID {
			id = m.body.from(rtgenLen).attr(unix.NETNSA_NSID).i32(0)
		}
		return nil
	}); err != nil {
		return 0, false, fmt.Errorf("id of netns %s: %w", path, err)
	}
	return id, id != unix.NETNSA_NSID_NOT_ASSIGNED, nil
}
