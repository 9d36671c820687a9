// SPDX-License-Identifier: Apache-2.0

package rtnl

import "fmt"

// indexOf returns a device's index, by its name where it is not given; c.mu is held.
func (c *Conn) indexOf(dev Device) (int32, error) {
	if dev.Index != 0 {
		return dev.Index, nil
	}
	link, err := c.link(byName(dev.Name))
	return link.Index, err
}

// findDevices finds the indexes that are not given. A device that is to be made
// gets one (see makeLinks).
func (r *run) findDevices() error {
	for i := range r.items {
		it := &r.items[i]
		r.index[i] = it.dev.Index
		if it.makesLink() {
			r.index[i] = chosenIndex(it.dev.Name)
		}
	}
	for i := range r.items {
		if r.index[i] != 0 {
			continue
		}
		index, err := r.resolve(r.items[i].dev.Name)
		if err != nil {
			return err
		}
		r.index[i] = index
	}
	return nil
}

// resolve finds a device among those of the batch, or asks the kernel.
func (r *run) resolve(name string) (int32, error) {
	for i := range r.items {
		if r.items[i].dev.Name == name && r.index[i] != 0 {
			return r.index[i], nil
		}
	}
	c := &Conn{fd: r.conn.fd, room: r.conn.room, seq: r.conn.seq} // the buffer is being filled
	link, err := c.link(byName(name))
	if err != nil {
		return 0, fmt.Errorf("device %s: %w", name, err)
	}
	return link.Index, nil
}
