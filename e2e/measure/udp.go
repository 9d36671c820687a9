// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"time"
)

// PacketOptions say which packets to send. The zero value is 1000 packets of 200 bytes at 1000 per
// second.
type PacketOptions struct {
	// Count of packets; 0 is 1000.
	Count int
	// Rate in packets per second; 0 is 1000, negative is as fast as possible.
	Rate float64
	// Size of the UDP payload in bytes; at least 76, 0 is 200.
	Size int
	// SourcePort; 0 is any.
	SourcePort uint16
	// DSCP, 0..63.
	DSCP uint8
	// Segments sends this many packets in one call by UDP generic segmentation offload
	// (UDP_SEGMENT, since Linux 4.18), up to 64 and to 65,507 bytes; 0 and 1 are without.
	Segments int
	// NoChecksum sends without UDP checksums, so that a corrupted payload reaches the receiver's
	// socket, which otherwise drops it as wrong. The kernel refuses it together with Segments.
	NoChecksum bool
	// Linger is waited after the last packet for those on their way; 0 is 1 s. It must exceed the
	// network's delay.
	Linger time.Duration
	// Tap, if given, counts on an interface instead of at the receiver's socket. Only there is
	// every corrupted packet seen, headers included.
	Tap *Tap
}

func (o *PacketOptions) setDefaults() {
	if o.Count <= 0 {
		o.Count = 1000
	}
	if o.Rate == 0 {
		o.Rate = 1000
	}
	if o.Size == 0 {
		o.Size = 200
	}
	o.Size = max(o.Size, probeSize)
	o.Segments = max(o.Segments, 1)
	if o.Linger <= 0 {
		o.Linger = time.Second
	}
}

// Packets sends numbered and stamped UDP packets one way, to a socket that it opens at addr
// (port 0 is any), and counts what arrives. Missing packets are no error.
func Packets(ctx context.Context, from, to Namespace, addr netip.AddrPort, opt PacketOptions) (PacketResult, error) {
	opt.setDefaults()
	res, err := packets(ctx, from, to, addr, opt)
	if err = errors.Join(err, ctx.Err()); err != nil {
		return res, fmt.Errorf("packets to %s: %w", addr, err)
	}
	return res, nil
}

func packets(ctx context.Context, from, to Namespace, addr netip.AddrPort, opt PacketOptions) (PacketResult, error) {
	recv, err := listenUDP(to, addr, opt)
	if err != nil {
		return PacketResult{}, err
	}
	defer recv.Close()
	addr = netip.AddrPortFrom(addr.Addr(), recv.LocalAddr().(*net.UDPAddr).AddrPort().Port())
	send, err := dialUDP(from, addr, opt)
	if err != nil {
		return PacketResult{}, err
	}
	defer send.Close()
	errorsBefore, err := checksumErrors(to)
	if err != nil {
		return PacketResult{}, err
	}
	var src receiver = &udpReceiver{conn: recv}
	if opt.Tap != nil {
		if src, err = openTap(*opt.Tap, addr, opt.Size); err != nil {
			return PacketResult{}, err
		}
		defer src.Close()
	}
	defer context.AfterFunc(ctx, func() { send.Close(); src.Close() })()

	t := newTally(rand.Uint64(), opt.Count)
	done := make(chan error, 1)
	go func() { done <- src.receive(t) }()
	sent, elapsed, err := sendProbes(send, t.run, opt)
	err = errors.Join(err, src.SetReadDeadline(time.Now().Add(opt.Linger)))
	err = errors.Join(err, <-done)
	res := t.result(sent)
	res.Elapsed = elapsed
	if opt.Tap == nil {
		after, cerr := checksumErrors(to)
		res.ChecksumErrors = after - errorsBefore
		// The socket's count of drops has them too.
		res.ReceiverDropped = max(res.ReceiverDropped-res.ChecksumErrors, 0)
		err = errors.Join(err, cerr)
	}
	return res, err
}

// receiver gives packets to a tally until its deadline, or until all have arrived and nothing has
// come for a while.
type receiver interface {
	receive(t *tally) error
	SetReadDeadline(time.Time) error
	Close() error
}
