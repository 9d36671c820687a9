// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

type echo struct {
	conn *net.IPConn
	to   netip.Addr
	opt  EchoOptions
	id   uint16
}

// cookie tells our replies from those of anybody else who pings with the same id.
const cookie = 0x74636e692d656368

func (e *echo) run() (EchoResult, error) {
	failed := make(chan error, 1)
	begin := time.Now()
	last := begin.Add(time.Duration(e.opt.Count-1)*e.opt.Interval + e.opt.Timeout)
	if err := e.conn.SetReadDeadline(last); err != nil {
		return EchoResult{}, err
	}
	go func() {
		err := e.send(begin)
		if err != nil {
			e.conn.Close() // ends the receiver
		}
		failed <- err
	}()
	res := e.receive()
	res.RTT = Summarise(res.Samples)
	return res, <-failed
}

func (e *echo) send(begin time.Time) error {
	var kind icmp.Type = ipv4.ICMPTypeEcho
	if e.to.Is6() {
		kind = ipv6.ICMPTypeEchoRequest
	}
	data := make([]byte, e.opt.Size)
	binary.BigEndian.PutUint64(data[8:], cookie)
	for seq := range e.opt.Count {
		time.Sleep(time.Until(begin.Add(time.Duration(seq) * e.opt.Interval)))
		binary.BigEndian.PutUint64(data, uint64(time.Now().UnixNano()))
		m := icmp.Message{Type: kind, Body: &icmp.Echo{ID: int(e.id), Seq: seq, Data: data}}
		b, err := m.Marshal(nil) // the kernel fills in ICMPv6's checksum
		if err != nil {
			return err
		}
		if _, err := e.conn.Write(b); err != nil && !errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("send: %w", err)
		}
	}
	return nil
}

// receive ends at the deadline, or when every request has its reply.
func (e *echo) receive() EchoResult {
	res := EchoResult{To: e.to, Sent: e.opt.Count}
	seen := make([]bool, e.opt.Count)
	buf, oob := make([]byte, e.opt.Size+128), make([]byte, 128)
	for res.Received < e.opt.Count {
		n, oobn, _, _, err := e.conn.ReadMsgIP(buf, oob)
		if err != nil {
			break
		}
		seq, sent, ok := e.parse(buf[:n])
		switch {
		case !ok:
		case seen[seq]:
			res.Duplicates++
		default:
			seen[seq] = true
			res.Received++
			res.Samples = append(res.Samples, parseControl(oob[:oobn]).at.Sub(sent))
		}
	}
	return res
}

func (e *echo) parse(b []byte) (seq int, sent time.Time, ok bool) {
	reply := byte(ipv4.ICMPTypeEchoReply)
	if e.to.Is6() {
		reply = byte(ipv6.ICMPTypeEchoReply)
	} else if len(b) > 20 && b[0]>>4 == 4 && len(b) > int(b[0]&15)*4 {
		b = b[int(b[0]&15)*4:] // a raw IPv4 socket gives the header too
	}
	if len(b) < 24 || b[0] != reply || binary.BigEndian.Uint16(b[4:]) != e.id ||
		binary.BigEndian.Uint64(b[16:]) != cookie {
		return 0, sent, false
	}
	seq = int(binary.BigEndian.Uint16(b[6:]))
	return seq, time.Unix(0, int64(binary.BigEndian.Uint64(b[8:]))), seq < e.opt.Count
}
