// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"errors"
	"fmt"
	"time"
)

// Count is what a [Counter] has seen.
type Count struct {
	// Frames as the kernel handled them: one may stand for many packets.
	Frames int `json:"frames"`
	// Packets and Bytes (from the Ethernet header on, without checksum) as they would be on a wire.
	Packets int   `json:"packets"`
	Bytes   int64 `json:"bytes"`
	// Dropped counts frames that the counter itself missed; the rest is exact where it is 0.
	Dropped int `json:"dropped"`
	// Unreadable counts frames of UDP segmentation offload on kernels before Linux 6.2, which cannot
	// say how many packets such a frame is. They are in no other count, in either direction.
	Unreadable int `json:"unreadable"`
	// First and Last are the times of the first and last frame.
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
}

// Counter counts wire packets on an interface while other measurements run.
type Counter struct {
	socket *packetSocket
	count  Count
	done   chan error
}

// NewCounter begins to count in a namespace on an interface that is up.
func NewCounter(ns Namespace, ifname string, dir Direction, filter Filter) (*Counter, error) {
	prog, err := filter.program()
	if err != nil {
		return nil, err
	}
	s, err := openPacketSocket(ns, ifname, dir, prog, true)
	if err != nil {
		return nil, err
	}
	c := &Counter{socket: s, done: make(chan error, 1)}
	go func() { c.done <- c.run() }()
	return c, nil
}

func (c *Counter) run() error {
	// MSG_TRUNC tells the length that the filter left; the whole is in the IP header.
	buf, oob := make([]byte, vnetHeader+snap), make([]byte, 128)
	for {
		f, at, err := c.socket.next(buf, oob)
		if errors.Is(err, errUnreadable) {
			c.count.Unreadable++
			continue
		}
		if err != nil {
			return endOfReceive(err)
		}
		f.length = max(f.length, f.lengthOnWire())
		packets, bytes := f.wire()
		c.count.Frames++
		c.count.Packets += packets
		c.count.Bytes += int64(bytes)
		if c.count.First.IsZero() {
			c.count.First = at
		}
		c.count.Last = at
	}
}

// Stop ends the counting, after the frames that have arrived until now, and closes the socket.
func (c *Counter) Stop() (Count, error) {
	err := c.socket.file.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if err != nil {
		err = errors.Join(err, c.socket.file.Close())
	}
	err = errors.Join(err, <-c.done)
	dropped, derr := c.socket.dropped()
	c.count.Dropped = dropped
	err = errors.Join(err, derr, c.socket.file.Close())
	if err != nil {
		return c.count, fmt.Errorf("counter: %w", err)
	}
	return c.count, nil
}
