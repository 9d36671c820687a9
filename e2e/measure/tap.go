// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"errors"
	"net/netip"
	"time"
)

// Tap is an interface to count test packets on: where the impairment is, before anything else can
// drop a corrupted packet.
type Tap struct {
	Namespace Namespace
	Interface string
	Direction Direction
}

// tapReceiver takes test packets from a packet socket. It filters nothing in the kernel: any byte
// of a packet may be corrupted, ports and protocol too.
type tapReceiver struct {
	socket  *packetSocket
	headers int
	size    int
	shape   headerVote
}

func openTap(t Tap, addr netip.AddrPort, size int) (*tapReceiver, error) {
	// Our packets have one size: they can be told apart without the kernel's help.
	s, err := openPacketSocket(t.Namespace, t.Interface, t.Direction, nil, false)
	if err != nil {
		return nil, err
	}
	headers := ethernetHeader + 20 + 8
	if addr.Addr().Is6() {
		headers += 20
	}
	return &tapReceiver{socket: s, headers: headers, size: size}, nil
}

func (r *tapReceiver) SetReadDeadline(t time.Time) error { return r.socket.file.SetReadDeadline(t) }
func (r *tapReceiver) Close() error                      { return r.socket.file.Close() }

func (r *tapReceiver) receive(t *tally) error {
	buf, oob := make([]byte, ethernetHeader+65535), make([]byte, 128)
	var err error
	for err == nil {
		var f frame
		var at time.Time
		if f, at, err = r.socket.next(buf, oob); err != nil {
			break
		}
		if r.take(t, f, at) && t.complete() {
			err = r.SetReadDeadline(time.Now().Add(quiet)) // duplicates may follow
		}
	}
	t.res.Corrupted += r.shape.outliers()
	dropped, derr := r.socket.dropped()
	t.res.ReceiverDropped += dropped
	return errors.Join(endOfReceive(err), derr)
}

// take gives every segment of a frame to the tally, and reports whether there was one of ours.
func (r *tapReceiver) take(t *tally, f frame, at time.Time) (ours bool) {
	if len(f.data) < r.headers {
		return false
	}
	header, payload := f.data[:r.headers], f.data[r.headers:]
	before := t.res.Corrupted
	for len(payload) >= r.size {
		ours = t.add(payload[:r.size], at) || ours
		payload = payload[r.size:]
	}
	// A packet is counted as corrupted once, be it in its header or in its payload.
	if ours && t.res.Corrupted == before {
		r.shape.add(header)
	}
	return ours
}
