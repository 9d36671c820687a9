// SPDX-License-Identifier: Apache-2.0

package rtnl

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/tc"
)

// QdiscAt reads the one qdisc at a parent: tc.HandleRoot, tc.HandleClsact or a
// class. It reports false where there is none, or one that the kernel attached
// by itself.
func (c *Conn) QdiscAt(dev Device, parent tc.Handle) (tc.Qdisc, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.qdiscAt(dev, parent)
}

func (c *Conn) qdiscAt(dev Device, parent tc.Handle) (tc.Qdisc, bool, error) {
	t, err := c.rawQdisc(dev, parent)
	if errors.Is(err, unix.ENOENT) {
		return tc.Qdisc{}, false, nil
	}
	if err != nil {
		return tc.Qdisc{}, false, fmt.Errorf("qdisc %v of %s: %w", parent, dev.Name, err)
	}
	return tc.Qdisc{Parent: t.parent, Handle: t.handle, Spec: decodeSpec(t.kind, t.options)}, t.handle != tc.HandleNone, nil
}

// Touch sends the qdisc at parent its own parameters once more. A TBF whose
// child was deleted drops everything until then: it takes the default child
// back when it is changed (tbf_change in net/sched/sch_tbf.c).
func (c *Conn) Touch(dev Device, parent tc.Handle) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	have, err := c.rawQdisc(dev, parent)
	if err != nil {
		return fmt.Errorf("qdisc %v of %s: %w", parent, dev.Name, err)
	}
	c.out.reset()
	c.out.begin(unix.RTM_NEWQDISC, unix.NLM_F_ACK)
	c.out.tcmsg(have.index, have.handle, parent, 0)
	c.out.text(tcaKind, have.kind)
	c.out.bytes(tcaOptions, string(have.options))
	if err := c.request(func(message) error { return nil }); err != nil {
		return fmt.Errorf("tc qdisc change dev %s %v: %w", dev.Name, parent, err)
	}
	return nil
}

// rawQdisc asks for the one qdisc at a parent; c.mu is held.
func (c *Conn) rawQdisc(dev Device, parent tc.Handle) (t tcMessage, err error) {
	index, err := c.indexOf(dev)
	if err != nil {
		return t, err
	}
	c.out.reset()
	c.out.begin(unix.RTM_GETQDISC, unix.NLM_F_ACK|unix.NLM_F_ECHO) // without ECHO only listeners are told
	c.out.tcmsg(index, 0, parent, 0)
	err = c.request(func(m message) error {
		if m.typ == unix.RTM_NEWQDISC {
			t = parseTC(append(field(nil), m.body...))
		}
		return nil
	})
	return t, err
}

// checkSeeds finds out whether the seeds that were sent have been understood: a
// kernel before 6.6 passes over the attribute without a word, but one that
// knows it always shows a seed.
func (r *run) checkSeeds() error {
	for i := range r.items {
		for k, op := range r.items[i].ops {
			q, _ := op.Object.(tc.Qdisc)
			n, _ := q.Spec.(tc.Netem)
			if !n.Seed.Set || op.Verb == tc.Delete {
				continue
			}
			have, _, err := r.conn.qdiscAt(Device{Name: r.items[i].dev.Name, Index: r.index[i]}, q.Parent)
			if err != nil {
				return err
			}
			if got, _ := have.Spec.(tc.Netem); !got.Seed.Set {
				e := r.opError(origin{item: int32(i), op: int32(k)}, ack{errno: unix.EOPNOTSUPP}, nil)
				e.Hint = "netem's seed needs a kernel >= 6.6"
				r.errs = append(r.errs, e)
			}
			return nil // one tells for all
		}
	}
	return nil
}
