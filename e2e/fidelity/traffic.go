// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tcni.dev/e2e/measure"
)

// udp is a stream of numbered packets.
type udp struct {
	count    int
	rate     float64 // packets per second; negative: as fast as possible
	size     int     // bytes of payload; 0: 200
	segments int     // by UDP_SEGMENT
	v6       bool
	tap      bool // count on the interface, where corrupted packets are seen
	linger   time.Duration
}

// packets sends the stream and fails where the measurement itself lost packets.
func (u udp) packets(ctx context.Context, l *Link) (measure.PacketResult, error) {
	from, to := l.ends()
	opt := measure.PacketOptions{
		Count: l.packets(u.count), Rate: u.rate, Size: u.size, Segments: u.segments, Linger: u.linger,
	}
	if opt.Linger == 0 {
		opt.Linger = 2 * time.Second
	}
	if u.tap {
		tap := l.tap()
		opt.Tap = &tap
	}
	res, err := measure.Packets(ctx, from, to, l.target(u.v6), opt)
	if err == nil && res.ReceiverDropped > 0 {
		err = fmt.Errorf("the receiver dropped %d packets", res.ReceiverDropped)
	}
	return res, err
}

// stream sends bytes over TCP to the end, and counts wire packets on both sides
// of the impairment: the sender's own count of segments, and a counter at the
// receiver's interface.
type stream struct {
	bytes int64
	v6    bool
}

// largestSegment is what a wire packet of TCP carries at most, with an MTU of
// 1500.
const largestSegment = 1460

// streamResult is what became of a stream.
type streamResult struct {
	Sent, Received int // wire packets from the sender
	Frames         int // of them at the receiver, as the kernel handled them
	ChecksumErrors int // of the receiver's TCP and IP
	Elapsed        time.Duration
}

func (s stream) run(ctx context.Context, l *Link) (res streamResult, err error) {
	_, to := l.ends()
	addr := l.target(s.v6)
	c, err := measure.NewCounter(to, "eth0", measure.Incoming, measure.Filter{Protocol: 6, Port: addr.Port()})
	if err != nil {
		return res, err
	}
	before, err := inErrors(to)
	if err != nil {
		return res, err
	}
	res, err = s.send(ctx, l, addr)
	n, cerr := c.Stop()
	after, eerr := inErrors(to)
	if err = errors.Join(err, cerr, eerr); err == nil && n.Dropped+n.Unreadable > 0 {
		err = fmt.Errorf("the counter missed %d frames", n.Dropped+n.Unreadable)
	}
	if least := int(s.bytes / largestSegment); err == nil && res.Sent < least {
		err = fmt.Errorf("TCP says that it sent %d segments, and %d bytes take %d", res.Sent, s.bytes, least)
	}
	res.Received, res.Frames, res.ChecksumErrors = n.Packets, n.Frames, after-before
	return res, err
}
