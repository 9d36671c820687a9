// SPDX-License-Identifier: Apache-2.0

package rkt

import (
	"os"
	"regexp"
	"testing"
	"time"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
	"tcni.dev/e2e/vm"
)

// inVM runs the test in a virtual machine if this kernel has no netem, and
// tells whether it did.
func inVM(t *testing.T, n *node) bool {
	t.Helper()
	ctx := t.Context()
	if _, err := n.Node.Output(ctx, "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"); err == nil {
		if _, err := n.Node.Output(ctx, "tc", "qdisc", "del", "dev", "lo", "root"); err != nil {
			t.Fatal(err)
		}
		return false
	}
	if os.Getenv(binEnv) != "" {
		t.Fatal("the virtual machine's kernel has no netem")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	programs, err := built()
	if err != nil {
		t.Fatal(err)
	}
	ours, err := lab.Bin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	err = vm.Run(ctx, vm.Config{
		Argv:    []string{self, "-test.run", "^" + t.Name() + "$", "-test.v", "-test.timeout", "25m"},
		Timeout: 30 * time.Minute,
		Env:     append(os.Environ(), binEnv+"="+programs, lab.BinEnv+"="+ours),
		// The output is the test's log, not its own.
		Stdout: logWriter{t}, Stderr: logWriter{t}, Progress: logWriter{t},
	})
	if err != nil {
		t.Errorf("in the virtual machine: %v", err)
	}
	return true
}

type logWriter struct{ t *testing.T }

func (w logWriter) Write(b []byte) (int, error) {
	w.t.Logf("%s", b)
	return len(b), nil
}

// pageNets are what stands after --net= on the page, by the page's order.
func pageNets(t *testing.T) (delegate, companion string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/runtimes/rkt.md")
	if err != nil {
		t.Fatal(err)
	}
	nets := regexp.MustCompile(`(?m)^rkt run --net="([^"]*)"`).FindAllSubmatch(page, -1)
	if len(nets) != 2 {
		t.Fatalf("the page has %d commands, want 2", len(nets))
	}
	return string(nets[0][1]), string(nets[1][1])
}

// TestNetem runs what the page says: 100 ms and 1 % of loss.
func TestNetem(t *testing.T) {
	n := newNode(t)
	if inVM(t, n) {
		return
	}
	delegate, companion := pageNets(t)
	for _, c := range []struct{ name, networks string }{
		{"delegate", delegate}, {"companion", companion},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNode(t)
			before := n.snapshot()
			p := n.setup(c.networks)
			const count = 2000
			out, err := measure.Packets(t.Context(), p, n.World("payments"), payments, measure.PacketOptions{Count: count, Rate: 500, Linger: 2 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			loss := measure.Binomial(out.Lost, count, 0.9999)
			t.Logf("egress: delay %v (median %v), loss %d of %d", out.Delay.Min, out.Delay.Median, out.Lost, count)
			if !loss.Contains(0.01) {
				t.Errorf("egress lost %d of %d, asked for 1 %%", out.Lost, count)
			}
			wantDelay(t, "egress", out.Delay.Min, 100*time.Millisecond)
			in, err := measure.Packets(t.Context(), n.World("payments"), p, p.addrPort(), measure.PacketOptions{Count: 500, Rate: 500, Linger: 2 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			if in.Lost > 0 {
				t.Errorf("ingress lost %d of %d, and was to be left alone", in.Lost, 500)
			}
			wantDelay(t, "ingress", in.Delay.Min, 0)
			n.teardown()
			n.wantNothingLeft(before, "teardown")
		})
	}
}

// wantDelay looks at the packet that waited least: an emulated processor lets
// others wait for itself.
func wantDelay(t *testing.T, what string, got, asked time.Duration) {
	t.Helper()
	if got < asked || got > asked+10*time.Millisecond {
		t.Errorf("%s is delayed by %v, asked for %v", what, got, asked)
	}
}
