// SPDX-License-Identifier: Apache-2.0

package rtnl

import "golang.org/x/sys/unix"

// chunkMax bounds what is sent at once; the kernel takes as much as the
// socket's send buffer holds, 208 KB where nobody has lowered it.
const chunkMax = 60 << 10

// origin tells what a message was made from.
type origin struct {
	item, op, line int32
}

// chunk is a part of the buffer that is sent at once.
type chunk struct {
	start, end int
	last       int // where its last message begins
	seq        uint32
}

// run is a batch being carried out.
type run struct {
	*Batch
	enc    encoder
	index  []int32 // of each item's device
	now    origin
	base   uint32 // sequence number of the first message
	chunks []chunk
	errs   Errors
}

// Run sends the batch. Devices that it makes are made first, by one system
// call; if one cannot be made, nothing else is sent. All errors come back as
// Errors, an *OpError for each message that failed; what did not fail is done.
// An error of another type means that nothing was sent, or that the kernel
// could not be talked to.
func (b *Batch) Run() error {
	c := b.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	r := &run{Batch: b, index: make([]int32, len(b.items))}
	r.enc = encoder{out: &c.out, emit: r.emit, resolve: r.resolve, programs: b.programs}
	if err := r.findDevices(); err != nil {
		return err
	}
	if err := r.encode(); err != nil { // nothing is sent that cannot be sent as a whole
		return err
	}
	moved, err := r.makeLinks()
	if err != nil || len(r.errs) > 0 {
		return r.result(err)
	}
	if moved {
		if err := r.encode(); err != nil {
			return err
		}
	}
	if err := r.exchange(); err != nil || len(r.errs) > 0 {
		return r.result(err)
	}
	return r.result(r.checkSeeds())
}

func (r *run) result(err error) error {
	switch {
	case err != nil:
		return err
	case len(r.errs) > 0:
		return r.errs
	}
	return nil
}

// encode builds the messages of everything but links that are made.
func (r *run) encode() error {
	r.start()
	for i := range r.items {
		it := &r.items[i]
		if it.prop != 0 {
			r.now = origin{item: int32(i)}
			r.enc.altName(r.index[i], it.prop, it.name)
			if err := r.emit(0); err != nil {
				return r.opError(r.now, ack{}, err)
			}
		}
		for k := range it.ops {
			if k == 0 && it.makesLink() {
				continue
			}
			r.now = origin{item: int32(i), op: int32(k)}
			if err := r.enc.op(r.index[i], &it.ops[k]); err != nil {
				return r.opError(r.now, ack{}, err)
			}
		}
	}
	return nil
}

// start empties the buffer.
func (r *run) start() {
	c := r.conn
	c.out.reset()
	c.sent = c.sent[:0]
	r.chunks = r.chunks[:0]
	r.base = c.seq + 1
}

// emit ends the message that was begun last and puts it into a chunk.
func (r *run) emit(line int) error {
	c := r.conn
	c.seq = r.base + uint32(len(c.sent)) // in a row, also where resolve has asked something in between
	if err := c.out.finish(c.seq); err != nil {
		return err
	}
	r.now.line = int32(line)
	c.sent = append(c.sent, r.now)
	head, end := c.out.head, len(c.out.b)
	if n := len(r.chunks); n == 0 || end-r.chunks[n-1].start > chunkMax {
		r.chunks = append(r.chunks, chunk{start: head})
	}
	last := &r.chunks[len(r.chunks)-1]
	last.end, last.last, last.seq = end, head, c.seq
	return nil
}

// exchange sends the chunks and collects their errors.
func (r *run) exchange() error {
	c := r.conn
	for _, ch := range r.chunks {
		flags := c.out.b[ch.last+6:]
		native.PutUint16(flags, native.Uint16(flags)|unix.NLM_F_ACK)
		if err := c.send(c.out.b[ch.start:ch.end]); err != nil {
			return err
		}
		if err := r.collect(ch.seq); err != nil {
			return err
		}
	}
	return nil
}

// collect reads answers up to that to the message seq.
func (r *run) collect(seq uint32) error {
	for {
		datagram, err := r.conn.receive()
		if err != nil {
			return err
		}
		for m := range messages(datagram) {
			at := m.seq - r.base
			if m.typ != unix.NLMSG_ERROR || at >= uint32(len(r.conn.sent)) {
				continue // an answer that nobody waits for any more
			}
			if a := parseAck(m); a.errno != 0 {
				r.errs = append(r.errs, r.opError(r.conn.sent[at], a, nil))
			}
			if m.seq == seq {
				return nil
			}
		}
	}
}
