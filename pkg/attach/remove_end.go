// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"slices"

	"golang.org/x/sys/unix"

	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/rtnl"
	"tcni.dev/pkg/tc"
)

// clear takes back what is ours in one namespace: on the end of the interface
// that find returns, and the IFB. It asks for the removal of all that could be
// there instead of looking first, since reading the qdiscs of a node means
// reading those of all its containers (tc_dump_qdisc, up to 6.12).
func clear(c *rtnl.Conn, m Mark, find func() (rtnl.Link, error)) error {
	batch := c.Batch()
	link, err := find()
	var belowTBF bool
	switch {
	case err == nil:
		if belowTBF, err = clearEnd(c, batch, m, link); err != nil {
			return err
		}
	case !errors.Is(err, unix.ENODEV):
		return err
	}
	ifb, err := c.LinkByName(m.IFB())
	switch {
	case err == nil && ifb.Kind == "ifb":
		batch.Apply(ifb.Device(), []tc.Op{{Verb: tc.Delete, Object: tc.Link{Kind: "ifb"}}})
	case err != nil && !errors.Is(err, unix.ENODEV):
		return err
	}
	if err := passOver(batch.Run()); err != nil || !belowTBF {
		return err
	}
	return c.Touch(link.Device(), tc.HandleRoot)
}

// passOver forgives what was gone already.
func passOver(err error) error {
	var all rtnl.Errors
	if !errors.As(err, &all) {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(all), func(e *rtnl.OpError) bool { return rtnl.IsGone(e) })
	if len(left) == 0 {
		return nil
	}
	return left
}

// clearEnd adds to batch what clears one end of the interface. It tells whether
// our HTB is below the bandwidth plugin's TBF, which must get its own child back.
func clearEnd(c *rtnl.Conn, batch *rtnl.Batch, m Mark, link rtnl.Link) (belowTBF bool, err error) {
	parent := tc.HandleRoot
	if link.Qdisc == "tbf" {
		parent = hostParentBelowTBF
		child, _, err := c.QdiscAt(link.Device(), parent)
		if err != nil {
			return false, err
		}
		belowTBF = child.Handle == plan.Root
	}
	batch.Apply(link.Device(), plan.Removal(parent))
	if slices.Contains(link.AltNames, m.onClsact()) {
		if err := clearClsact(c, batch, link); err != nil {
			return false, err
		}
		batch.DelAltName(link.Device(), m.onClsact())
	}
	if slices.Contains(link.AltNames, m.onNoQueue()) {
		batch.Apply(link.Device(), []tc.Op{{Verb: tc.Change, Object: tc.Link{TxQueueLen: 0}}})
		batch.DelAltName(link.Device(), m.onNoQueue())
	}
	if slices.Contains(link.AltNames, string(m)) {
		batch.DelAltName(link.Device(), string(m))
	}
	return belowTBF, nil
}

// clearClsact removes the clsact qdisc that we made, unless others have come to
// use it.
func clearClsact(c *rtnl.Conn, batch *rtnl.Batch, link rtnl.Link) error {
	have, err := c.Dump(link.Device())
	if err != nil {
		return err
	}
	var hook tc.Object
	for _, o := range have.Objects {
		switch o := o.(type) {
		case tc.Qdisc:
			if o.Parent == tc.HandleClsact {
				hook = o
			}
		case tc.Filter:
			if o.Parent.Major() == tc.IngressMajor && !plan.Owns(o) {
				return nil
			}
		}
	}
	if hook != nil {
		batch.Apply(link.Device(), []tc.Op{{Verb: tc.Delete, Object: hook}})
	}
	return nil
}
