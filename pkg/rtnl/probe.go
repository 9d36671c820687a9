// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// Probe tells whether the kernel has a kind, and loads its module where it can:
// the qdiscs htb, netem, tbf, pfifo and bfifo, the action mirred, the device
// ifb. It leaves nothing behind: each is asked for with arguments that the
// kind itself refuses, so that only the kernel's reason differs. It needs
// CAP_NET_ADMIN, as making the thing would.
//
// A classifier cannot be asked for without a qdisc to hang it on; a batch that
// needs one fails with a hint.
func (c *Conn) Probe(kind string) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range probes {
		if p := &probes[i]; p.kind == kind {
			c.out.reset()
			p.ask(&c.out, kind)
			return answer(kind, c.request(func(message) error { return nil }))
		}
	}
	return false, fmt.Errorf("probe %s: nothing that can be asked for", kind)
}

var probes = [...]struct {
	kind string
	ask  func(b *buffer, kind string)
}{
	{"htb", askQdisc}, {"netem", askQdisc}, {"tbf", askQdisc}, {"pfifo", askQdisc}, {"bfifo", askQdisc},
	{"mirred", askAction},
	{"ifb", askLink},
}

// answer tells a kind that refuses its arguments (EINVAL) from one that is not
// there: ENOENT for qdiscs and actions, EOPNOTSUPP for devices.
func answer(kind string, err error) (bool, error) {
	switch {
	case errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ERANGE):
		return true, nil
	case errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EOPNOTSUPP):
		return false, nil
	case err == nil:
		err = errors.New("the kernel took what it should have refused")
	}
	return false, fmt.Errorf("probe %s: %w", kind, err)
}

const loopback = 1 // its index in every namespace

// askQdisc asks for a root qdisc of the loopback device with options that are
// one byte long: every kind's init refuses them before anything is attached
// (qdisc_create in net/sched/sch_api.c). Another handle than ours has the root
// qdisc, if there is one, so that the request is for a new qdisc.
func askQdisc(b *buffer, kind string) {
	b.begin(unix.RTM_NEWQDISC, unix.NLM_F_CREATE|unix.NLM_F_REPLACE|unix.NLM_F_ACK)
	b.tcmsg(loopback, tc.MakeHandle(0x7cff, 0), tc.HandleRoot, 0)
	b.text(tcaKind, kind)
	b.bytes(tcaOptions, "\x00")
}

// askAction asks for an action without its parameters.
func askAction(b *buffer, kind string) {
	b.begin(unix.RTM_NEWACTION, createNew|unix.NLM_F_ACK)
	b.put32(unix.AF_UNSPEC) // struct tcamsg
	table := b.open(rtaActTab)
	action := b.open(1)
	b.text(actKind, kind)
	b.close(action)
	b.close(table)
}

// askLink asks for a device with more queues than there can be, and too small
// an MTU (rtnl_create_link in net/core/rtnetlink.c).
func askLink(b *buffer, kind string) {
	b.begin(unix.RTM_NEWLINK, createNew|unix.NLM_F_ACK)
	b.ifinfo(0, 0)
	b.u32(unix.IFLA_NUM_TX_QUEUES, 0xffff)
	b.u32(unix.IFLA_MTU, 1)
	at := b.open(unix.IFLA_LINKINFO)
	b.text(unix.IFLA_INFO_KIND, kind)
	b.close(at)
}
