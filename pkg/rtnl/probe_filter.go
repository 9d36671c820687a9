// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// ProbeFilter tells whether the kernel has a classifier, bpf or flower, and loads
// its module where it can. It asks for a filter of a qdisc, which must be there,
// without the options that the classifier cannot do without, so that nothing is
// attached (tc_new_tfilter in net/sched/cls_api.c).
func (c *Conn) ProbeFilter(device string, qdisc tc.Handle, kind string) (bool, error) {
	link, err := c.LinkByName(device)
	if err != nil {
		return false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out.reset()
	c.out.begin(unix.RTM_NEWTFILTER, createNew|unix.NLM_F_ACK)
	c.out.tcmsg(link.Index, 0, qdisc, uint32(big16(uint16(tc.ProtoAll)))) // preference 0: a free one
	c.out.text(tcaKind, kind)
	return answer(kind, c.request(func(message) error { return nil }))
}
