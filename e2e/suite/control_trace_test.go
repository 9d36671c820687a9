// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"encoding/json"
	"fmt"
	"math"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"tcni.dev/e2e/cri"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
	"tcni.dev/pkg/view"
)

const (
	traceLasts = 60 * time.Second
	tracePort  = 9100
	// traceOffered is what is sent, in bit/s: always more than the trace carries.
	traceOffered = 8e6
)

// packetTrace is a packet-delivery trace of mahimahi's: packets of 1500 bytes at
// 2 to 6 Mbit/s, in waves. It returns the number of packets, too.
func packetTrace() (text string, packets int) {
	var b strings.Builder
	carried := 0.0
	for ms := 1; ms <= int(traceLasts/time.Millisecond); ms++ {
		carried += (4 + 2*math.Sin(2*math.Pi*float64(ms)/15000)) * 1e3 / 8 // bytes in a millisecond
		for ; carried >= float64(packets+1)*1500; packets++ {
			fmt.Fprintln(&b, ms)
		}
	}
	return b.String(), packets
}

// TestControlTrace plays a minute of a link trace on a pod of a real containerd,
// and holds what arrives against it. It needs no netem.
func TestControlTrace(t *testing.T) {
	l := labtest.New(t, lab.Options{Worlds: lab.DefaultWorlds()})
	p := newPods(t, l)
	p.run("web", map[string]string{"tcni.dev/ingress": "rate 4mbit buffer 500ms"}, func(t *testing.T, web *cri.Pod) {
		tcnictl{t, p, web}.playsTrace()
	})
}

func (c tcnictl) playsTrace() {
	trace, packets := packetTrace()
	addr := netip.AddrPortFrom(c.pod.IPs[0], tracePort)
	var arrived arrivals
	if err := c.pod.NS.Do(func() (err error) {
		arrived.conn, err = net.ListenUDP("udp4", net.UDPAddrFromAddrPort(addr))
		if err == nil {
			err = arrived.conn.SetReadBuffer(4 << 20) // a receiver may get no processor for a while
		}
		return err
	}); err != nil {
		c.t.Fatal(err)
	}
	done := make(chan error, 2)
	stop := make(chan struct{})
	go func() { done <- arrived.receive() }()
	go func() { done <- c.p.lab.World("payments").Do(func() error { return send(addr, stop) }) }()
	record := c.file("played.jsonl", "")
	c.start("play", c.file("down.trace", trace), "default/web", "--record", record).wait()
	close(stop)
	arrived.conn.Close()
	for range 2 {
		if err := <-done; err != nil {
			c.t.Error(err)
		}
	}
	begin := firstTime(c, record)
	got := arrived.between(begin, begin.Add(traceLasts))
	c.t.Logf("%d packets of %d arrived: %+.2f %%", got, packets, 100*(float64(got)/float64(packets)-1))
	if math.Abs(float64(got)-float64(packets)) > 0.02*float64(packets) {
		c.t.Errorf("%d packets arrived, the trace has %d", got, packets)
	}
}

// send sends packets of 1500 bytes, as HTB counts them.
func send(to netip.AddrPort, stop <-chan struct{}) error {
	conn, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return err
	}
	defer conn.Close()
	packet := make([]byte, 1500-14-20-8)
	begin := time.Now()
	for sent := 0; ; sent++ {
		due := time.Duration(float64(sent) * 1500 * 8 / traceOffered * float64(time.Second))
		if ahead := due - time.Since(begin); ahead > 5*time.Millisecond {
			time.Sleep(ahead)
		}
		select {
		case <-stop:
			return nil
		default:
			_, _ = conn.Write(packet) // an answer of ICMP to an earlier one
		}
	}
}

// arrivals are when packets came.
type arrivals struct {
	conn *net.UDPConn
	mu   sync.Mutex
	at   []time.Time
}

func (a *arrivals) receive() error {
	buf := make([]byte, 2048)
	for {
		if _, err := a.conn.Read(buf); err != nil {
			return nil // closed
		}
		a.mu.Lock()
		a.at = append(a.at, time.Now())
		a.mu.Unlock()
	}
}

func (a *arrivals) between(from, to time.Time) (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.at {
		if !t.Before(from) && t.Before(to) {
			n++
		}
	}
	return n
}

// firstTime is when the first entry of a record came into force.
func firstTime(c tcnictl, path string) time.Time {
	c.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	var entry struct{ Time time.Time }
	line, _, _ := strings.Cut(string(data), "\n")
	if err := json.Unmarshal([]byte(line), &entry); err != nil {
		c.t.Fatal(err)
	}
	return entry.Time
}

// counted is what stats has of the pod.
func (c tcnictl) counted() view.Stats {
	c.t.Helper()
	var list []view.Stats
	if err := json.Unmarshal([]byte(c.run("stats", "default/"+c.pod.Name, "-o", "json")), &list); err != nil || len(list) != 1 {
		c.t.Fatal(err, list)
	}
	return list[0]
}
