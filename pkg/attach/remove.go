// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"

	"tcni.dev/pkg/rtnl"
)

// Remove takes everything of an attachment back: the record, what is on the
// host, what is in the container's namespace if that is still there, iptables'
// rules if exempt or the record says that there are some. What is gone already is
// no error, so it can be called any number of times.
func Remove(id Identity, netns string, exempt bool, records Records) error {
	m := id.Mark()
	return remove(m, id.IfName, netns, exempt || records.exempts(m), records)
}

// remove takes the record first: a session that changes the kernel afterwards
// sees that, and takes back what it did (settle). A record that is there again
// at the end was adopted meanwhile.
func remove(m Mark, ifname, netns string, exempt bool, records Records) error {
	for range removeTries {
		err := errors.Join(records.Remove(m), removeShape(m, ifname, netns, exempt))
		if err != nil || !records.Has(m) {
			return err
		}
	}
	return nil
}

// removeTries is more often than an attachment is adopted while DEL runs.
const removeTries = 10

// removeShape takes what is in the kernel.
func removeShape(m Mark, ifname, netns string, exempt bool) error {
	errs := []error{removeInside(m, ifname, netns), removeOnHost(m)}
	if exempt {
		errs = append(errs, removeExemption(m))
	}
	return errors.Join(errs...)
}

// removeInside clears the container's interface. A namespace that cannot be
// entered is as good as gone: there is nothing that DEL could do about it, and
// what is in it ends with it.
func removeInside(m Mark, ifname, netns string) error {
	if netns == "" || notOurs(netns) != nil {
		return nil
	}
	c, err := rtnl.Open(netns)
	if err != nil {
		return nil
	}
	defer c.Close()
	return clear(c, m, func() (rtnl.Link, error) { return c.LinkByName(ifname) })
}

// removeOnHost clears what carries the mark on the host.
func removeOnHost(m Mark) error {
	c, err := rtnl.Open("")
	if err != nil {
		return err
	}
	defer c.Close()
	return clear(c, m, func() (rtnl.Link, error) { return c.LinkByAltName(string(m)) })
}
