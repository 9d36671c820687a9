// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"time"
)

// GoodputOptions say how to send a TCP stream. The zero value is 2 s after a warm-up of 0.5 s.
type GoodputOptions struct {
	// Duration that is measured; 0 is 2 s.
	Duration time.Duration
	// Warmup at the receiver before that, in which bursts and slow start pass; 0 is 500 ms,
	// negative is none.
	Warmup time.Duration
	// Bytes ends the measurement early, once the receiver has this many after the warm-up; 0 never.
	Bytes int64
	// Reverse makes the server send and the client, which connected, receive.
	Reverse bool
	// DSCP of both ends, 0..63.
	DSCP uint8
	// Congestion control algorithm; empty is the namespace's.
	Congestion string
}

// GoodputResult is one TCP stream, measured at its receiver.
type GoodputResult struct {
	// Bytes of payload in Elapsed.
	Bytes         int64         `json:"bytes"`
	Elapsed       time.Duration `json:"elapsed"`
	BitsPerSecond float64       `json:"bitsPerSecond"`
	// Retransmits are segments that the sender sent again, warm-up included.
	Retransmits int `json:"retransmits"`
	// RTT and MinRTT are the sender's own at the end (TCP_INFO); MinRTT is 0 before Linux 4.6.
	RTT    time.Duration `json:"rtt"`
	MinRTT time.Duration `json:"minRTT"`
	// MSS is the sender's segment size in bytes.
	MSS int `json:"mss"`
}

// Segments is how many the measured bytes take, the last one perhaps in part.
func (r GoodputResult) Segments() int {
	if r.MSS <= 0 {
		return 0
	}
	return int((r.Bytes + int64(r.MSS) - 1) / int64(r.MSS))
}

// Goodput sends a TCP stream between a client and a server, which listens at addr (port 0 is any).
func Goodput(ctx context.Context, client, server Namespace, addr netip.AddrPort, opt GoodputOptions) (GoodputResult, error) {
	opt.setDefaults()
	ctx, cancel := context.WithTimeout(ctx, opt.Warmup+opt.Duration+20*time.Second)
	defer cancel()
	c, s, err := connectTCP(ctx, client, server, addr, opt)
	if err != nil {
		return GoodputResult{}, fmt.Errorf("goodput to %s: %w", addr, err)
	}
	defer c.Close()
	defer s.Close()
	sender, receiver := c, s
	if opt.Reverse {
		sender, receiver = s, c
	}
	defer context.AfterFunc(ctx, func() { c.Close(); s.Close() })()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		block := make([]byte, 128<<10)
		for {
			if _, err := sender.Write(block); err != nil {
				return // closed: the receiver has enough
			}
		}
	}()
	res, err := receiveTCP(receiver, opt)
	err = errors.Join(err, res.readInfo(sender))
	_ = sender.SetLinger(0) // what is still queued is of no use
	sender.Close()
	<-ended
	if err = errors.Join(err, ctx.Err()); err != nil {
		return res, fmt.Errorf("goodput to %s: %w", addr, err)
	}
	return res, nil
}

func (o *GoodputOptions) setDefaults() {
	if o.Duration <= 0 {
		o.Duration = 2 * time.Second
	}
	if o.Warmup == 0 {
		o.Warmup = 500 * time.Millisecond
	}
	o.Warmup = max(o.Warmup, 0)
}

// receiveTCP counts from the end of one read to the end of another, so that bytes and time belong
// to each other.
func receiveTCP(c *net.TCPConn, opt GoodputOptions) (GoodputResult, error) {
	var res GoodputResult
	buf := make([]byte, 1<<20)
	var warm, begin, last time.Time
	for {
		n, err := c.Read(buf)
		now := time.Now()
		if err != nil && !errors.Is(err, io.EOF) {
			return res, fmt.Errorf("receive: %w", err)
		}
		switch {
		case warm.IsZero():
			warm = now
			err = errors.Join(err, c.SetReadDeadline(now.Add(opt.Warmup+opt.Duration+10*time.Second)))
		case begin.IsZero():
		default:
			res.Bytes += int64(n)
			last = now
		}
		if begin.IsZero() && now.Sub(warm) >= opt.Warmup {
			begin, last = now, now
		}
		done := !begin.IsZero() && (now.Sub(begin) >= opt.Duration || opt.Bytes > 0 && res.Bytes >= opt.Bytes)
		if done || err != nil {
			break
		}
	}
	res.Elapsed = last.Sub(begin)
	if res.Elapsed > 0 {
		res.BitsPerSecond = float64(res.Bytes) * 8 / res.Elapsed.Seconds()
	}
	return res, nil
}

// WireRate is the rate on an Ethernet link, headers of layers 2 to 4 included and without preamble
// and checksum, that carries a goodput in segments of mss bytes of payload: the length that HTB
// and TBF count. TCP timestamps, Linux's default, are assumed, and no losses.
func WireRate(goodput float64, mss int, ipv6 bool) float64 {
	headers := 14 + 20 + 20 + 12
	if ipv6 {
		headers += 20
	}
	return goodput * float64(mss+headers) / float64(mss)
}
