// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"time"
)

// EchoOptions say how to ping. The zero value is 10 requests, 20 ms apart.
type EchoOptions struct {
	// Count of requests, 1..65535; 0 is 10.
	Count int
	// Interval between two requests; 0 is 20 ms.
	Interval time.Duration
	// Timeout is waited for replies after the last request; 0 is 1 s.
	Timeout time.Duration
	// Size of the ICMP payload in bytes; at least 16, 0 is 56.
	Size int
	// DSCP of the requests, 0..63; a reply carries that of its request.
	DSCP uint8
}

// EchoResult is a series of round trips.
type EchoResult struct {
	To         netip.Addr             `json:"to"`
	Sent       int                    `json:"sent"`
	Received   int                    `json:"received"`
	Duplicates int                    `json:"duplicates"`
	RTT        Summary[time.Duration] `json:"rtt"`
	// Samples are the round-trip times in the order of arrival.
	Samples []time.Duration `json:"samples,omitempty"`
}

// Lost is the count of requests without a reply.
func (r EchoResult) Lost() int { return r.Sent - r.Received }

var echoID atomic.Uint32

// Echo pings to (IPv4 or IPv6) from a namespace. Replies that are missing are no error.
func Echo(ctx context.Context, from Namespace, to netip.Addr, opt EchoOptions) (EchoResult, error) {
	opt.setDefaults()
	network := "ip4:icmp"
	if to.Is6() {
		network = "ip6:ipv6-icmp"
	}
	conn, err := open(from, func() (*net.IPConn, error) {
		return net.DialIP(network, nil, &net.IPAddr{IP: to.AsSlice(), Zone: to.Zone()})
	})
	if err != nil {
		return EchoResult{}, fmt.Errorf("echo %s: %w", to, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	raw, err := conn.SyscallConn()
	if err == nil {
		err = setOptions(raw, append(append(bigBuffers(), receiveStamps()...), dscpOptions(to, opt.DSCP)...))
	}
	if err != nil {
		return EchoResult{}, fmt.Errorf("echo %s: %w", to, err)
	}
	e := &echo{conn: conn, to: to, opt: opt, id: uint16(echoID.Add(1))}
	res, err := e.run()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		return res, fmt.Errorf("echo %s: %w", to, err)
	}
	return res, nil
}

func (o *EchoOptions) setDefaults() {
	if o.Count <= 0 {
		o.Count = 10
	}
	o.Count = min(o.Count, 65535)
	if o.Interval <= 0 {
		o.Interval = 20 * time.Millisecond
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Second
	}
	if o.Size == 0 {
		o.Size = 56
	}
	o.Size = max(o.Size, 16)
}
