// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"errors"
	"fmt"
	"net"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// sendProbes sends from one thread on one processor: a veth hands packets to the processor that sent
// them, and two of those would reorder what the network under test did not.
func sendProbes(c *net.UDPConn, run uint64, opt PacketOptions) (sent int, elapsed time.Duration, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with its affinity
		if err = pinThread(); err == nil {
			sent, elapsed, err = sendAll(c, run, opt)
		}
	}()
	<-done
	return sent, elapsed, err
}

// sendAll keeps to a schedule: after a delay of its own it catches up rather than sends fewer.
func sendAll(c *net.UDPConn, run uint64, opt PacketOptions) (sent int, elapsed time.Duration, err error) {
	buf := make([]byte, opt.Size*opt.Segments)
	for i := range buf {
		buf[i] = byte(i * 7)
	}
	begin := time.Now()
	for sent < opt.Count {
		if opt.Rate > 0 {
			due := begin.Add(time.Duration(float64(sent) / opt.Rate * float64(time.Second)))
			if wait := time.Until(due); wait > 0 {
				time.Sleep(wait)
			}
		}
		n := min(opt.Segments, opt.Count-sent)
		now := time.Now()
		for i := range n {
			putProbe(buf[i*opt.Size:(i+1)*opt.Size], probe{run, uint64(sent + i), now.UnixNano()})
		}
		elapsed = now.Sub(begin)
		// A refused packet is a lost one: the port may be unreachable for a moment.
		if _, err := c.Write(buf[:n*opt.Size]); err != nil && !errors.Is(err, unix.ECONNREFUSED) &&
			!errors.Is(err, unix.ENOBUFS) {
			return sent, elapsed, fmt.Errorf("send: %w", err)
		}
		sent += n
	}
	return sent, elapsed, nil
}
