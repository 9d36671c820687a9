// SPDX-License-Identifier: Apache-2.0

package suite

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tcni.dev/e2e/cri"
	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/lab/labtest"
	"tcni.dev/e2e/measure"
	"tcni.dev/pkg/client"
	"tcni.dev/pkg/view"
)

// controlled is the pod that tcnictl works on.
var controlled = map[string]string{
	"tcni.dev/egress":  `{"delay": "5ms", "rules": [{"name": "payments", "match": {"cidr": "10.0.5.0/24"}, "delay": "10ms"}]}`,
	"tcni.dev/ingress": "rate 4mbit buffer 500ms",
}

// TestNetemControl has tcnictl look at, change and play on a pod of a real
// containerd.
func TestNetemControl(t *testing.T) {
	l := labtest.New(t, lab.Options{Worlds: lab.DefaultWorlds()})
	needNetem(t, l)
	p := newPods(t, l)
	p.run("web", controlled, func(t *testing.T, web *cri.Pod) {
		ctl := func(t *testing.T) tcnictl { return tcnictl{t, p, web} }
		t.Run("list", func(t *testing.T) { ctl(t).lists() })
		t.Run("set", func(t *testing.T) { ctl(t).sets() })
		t.Run("play", func(t *testing.T) { ctl(t).plays() })
		t.Run("killed", func(t *testing.T) { ctl(t).isKilled() })
	})
}

func (c tcnictl) lists() {
	list := c.attachments()
	if len(list) != 1 || list[0].Name != "default/web" || list[0].ContainerID != c.pod.ID || list[0].State != view.OK {
		c.t.Errorf("list: %+v", list)
	}
}

// sets changes one rule's delay under a stream and a ping: nothing is lost.
func (c tcnictl) sets() {
	changed := make(chan struct{})
	stream := make(chan error, 1)
	go func() { stream <- c.stream(changed) }()
	pinged := c.ping(changed)
	for _, delay := range []string{"60ms", "30ms", "60ms"} {
		time.Sleep(time.Second) // of traffic
		c.run("set", "default/web", "egress", "delay", delay, "--rule", "payments")
	}
	close(changed)
	if err := <-stream; err != nil {
		c.t.Error(err)
	}
	rounds := <-pinged
	wantNear(c.t, "before", slices.Min(rounds[0]), 10*time.Millisecond)
	wantNear(c.t, "after", slices.Min(rounds[len(rounds)-1]), 60*time.Millisecond)
	s := c.counted()
	if rule, ok := client.Came(s, "egress", "payments"); !ok || rule.Packets < 100 || rule.Drops.Total > 0 || !rule.Exact() {
		c.t.Errorf("stats of the rule: %+v", rule)
	}
	c.run("clear", "default/web")
	c.eventually("as installed", func(a view.Attachment) bool { return a.State == view.OK && a.Installed == nil })
}

// slack is what an emulated processor that is busy with a stream, too, may add to
// a round trip: less than any delays differ by that are told apart.
const slack = 40 * time.Millisecond

// wantNear holds a round trip, which cannot be had again, to a delay.
func wantNear(t *testing.T, what string, got, asked time.Duration) {
	t.Helper()
	if got < asked || got > asked+slack {
		t.Errorf("%s: %v, want %v", what, got, asked)
	}
}

// streamRate is far below what fits. What a longer delay holds leaves at once when
// it becomes shorter, with what had to wait for that. Of more than
// net.core.netdev_max_backlog packets the receiver's own queue drops the rest
// (enqueue_to_backlog in net/core/dev.c), which is not what is asked here.
const streamRate = "20M"

// stream sends TCP to payments by iperf3 until all is changed.
func (c tcnictl) stream(changed <-chan struct{}) error {
	server := exec.Command("iperf3", "--server")
	if err := c.p.lab.World("payments").Start(server); err != nil {
		return err
	}
	defer func() { _ = server.Process.Kill(); _ = server.Wait() }()
	for {
		out, err := c.pod.NS.Output(c.t.Context(), "iperf3", "--client", payments4.String(), "--bitrate", streamRate, "--time", "1", "--connect-timeout", "20000")
		switch {
		case err == nil:
			c.t.Log(out)
		case !strings.Contains(err.Error(), "Connection refused"): // the server has still to start
			return err
		}
		select {
		case <-changed:
			return err
		default:
		}
	}
}

// ping pings payments until it is told to end, and once more. What it gives are
// the round trips of each half second; none may be lost.
func (c tcnictl) ping(end <-chan struct{}) <-chan [][]time.Duration {
	pinged := make(chan [][]time.Duration, 1)
	go func() {
		var rounds [][]time.Duration
		defer func() { pinged <- rounds }()
		for last := false; ; {
			res, err := measure.Echo(c.t.Context(), c.pod.NS, payments4, measure.EchoOptions{Count: 25, Interval: 20 * time.Millisecond, Timeout: 5 * time.Second})
			if err != nil || res.Lost() > 0 {
				c.t.Errorf("ping: %v, %d lost of %d", err, res.Lost(), res.Sent)
			}
			rounds = append(rounds, append(res.Samples, res.RTT.Max)) // there is one, if it is none
			if last || err != nil {
				return
			}
			select {
			case <-end:
				last = true
			default:
			}
		}
	}()
	return pinged
}

const threeSteps = `steps:
- {name: near, for: 2s, egress: delay 30ms, rule: payments}
- {name: far, for: 2s, egress: delay 150ms, rule: payments}
- {name: middle, for: 2s, egress: delay 90ms, rule: payments}
`

// plays three steps, and sees each of them in the round trips.
func (c tcnictl) plays() {
	before := c.tree()
	played := make(chan struct{})
	pinged := c.ping(played)
	player := c.start("play", c.file("three.yaml", threeSteps), "default/web")
	err := player.Wait()
	close(played)
	samples := slices.Concat(<-pinged...)
	if err != nil {
		c.t.Fatalf("play: %v: %s", err, player.err.String())
	}
	for _, delay := range []time.Duration{30 * time.Millisecond, 150 * time.Millisecond, 90 * time.Millisecond} {
		seen := slices.DeleteFunc(slices.Clone(samples), func(rtt time.Duration) bool { return rtt < delay || rtt > delay+slack })
		if len(seen) < 3 {
			c.t.Errorf("%d round trips of %v: %v", len(seen), delay, samples)
		}
	}
	if after := c.tree(); after != before {
		c.t.Errorf("was\n%s\nis\n%s", before, after)
	}
	if report := player.err.String(); !strings.HasPrefix(report, "played 3 changes on 1 attachment, ") {
		c.t.Errorf("it says %q", report)
	}
}

// isKilled kills a player and a process that would have taken something back.
func (c tcnictl) isKilled() {
	before := c.tree()
	player := c.start("play", c.file("long.yaml", "steps: [{for: 5m, egress: delay 30ms, rule: payments}]"), "default/web")
	c.eventually("played", func(a view.Attachment) bool { return len(a.Overrides) > 0 })
	player.kill()
	c.run("restore")
	if after := c.tree(); after != before {
		c.t.Errorf("play was killed: was\n%s\nis\n%s", before, after)
	}
	c.run("set", "default/web", "egress", "delay", "70ms", "--for", "10s")
	c.killReverters()
	c.eventually("overdue", func(a view.Attachment) bool { return a.State == view.Overdue })
	c.run("restore")
	if after := c.tree(); after != before {
		c.t.Errorf("set --for was killed: was\n%s\nis\n%s", before, after)
	}
}

// file writes a file where tcnictl can read it.
func (c tcnictl) file(name, text string) string {
	c.t.Helper()
	path := filepath.Join(c.p.lab.Dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
	return path
}
