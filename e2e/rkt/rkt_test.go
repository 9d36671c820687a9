// SPDX-License-Identifier: Apache-2.0

package rkt

import (
	"math"
	"net/netip"
	"os"
	"strings"
	"testing"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

// payments is where traffic goes (lab.DefaultWorlds), to any port.
var payments = netip.MustParseAddrPort("10.0.5.10:0")

func (p *pod) addrPort() netip.AddrPort { return netip.AddrPortFrom(p.Nets[0].IP, 0) }

// TestRate sets pods up in both ways, and measures what they carry.
func TestRate(t *testing.T) {
	for _, c := range []struct {
		name, networks string
		nets           []string // the pod's, with their interfaces
	}{
		{"delegate", "shaped:TCNI_EGRESS=rate 4mbit;TCNI_INGRESS=rate 8mbit", []string{"shaped eth0 10.91.0.2"}},
		{"companion", "plain,weather:TCNI_EGRESS=rate 4mbit;TCNI_INGRESS=rate 8mbit", []string{"plain eth0 10.98.0.2", "weather eth1"}},
		// host-local reads what is left of CNI_ARGS.
		{"other arguments", "shaped:IgnoreUnknown=1;TCNI_EGRESS=rate 4mbit;FOO=bar;TCNI_INGRESS=rate 8mbit", []string{"shaped eth0 10.91.0.2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNode(t)
			before := n.snapshot()
			p := n.setup(c.networks)
			p.wantNets(c.nets)
			p.wantRate("egress", p, n.World("payments"), payments, 4e6)
			p.wantRate("ingress", n.World("payments"), p, p.addrPort(), 8e6)
			n.teardown()
			n.wantNothingLeft(before, "teardown")
		})
	}
}

// wantNets holds what rkt understood of the results to what was made.
func (p *pod) wantNets(want []string) {
	t := p.node.t
	t.Helper()
	var got []string
	for _, net := range p.Nets {
		s := net.NetName + " " + net.IfName
		if net.IP.IsValid() {
			s += " " + net.IP.String()
		}
		got = append(got, s)
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("rkt has the networks %q, want %q", got, want)
	}
}

// wantRate holds what arrives to a rate, within 1 %.
func (p *pod) wantRate(what string, from, to measure.Namespace, addr netip.AddrPort, asked float64) {
	t := p.node.t
	t.Helper()
	got, ok, err := measure.Until(10, func(m float64) bool { return math.Abs(m-asked) <= 0.01*asked },
		func() ([]float64, error) {
			return measure.Throughput(t.Context(), from, to, addr, 2*asked, measure.OfBottleneck)
		})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %.2f Mbit/s, asked for %.1f", what, got/1e6, asked/1e6)
	if !ok {
		t.Errorf("%s: %.2f Mbit/s, not within 1 %% of %.1f", what, got/1e6, asked/1e6)
	}
}

// TestFailure: rkt sends no DEL after an ADD that failed, so nothing may be left
// then: whatever fails, and whoever.
func TestFailure(t *testing.T) {
	for _, c := range []struct {
		name, networks, want string
		noRecords            bool // there is a file where records go
	}{
		{"a bad value", "shaped:TCNI_EGRESS=dealy 100ms", `unknown word "dealy": did you mean "delay"?`, false},
		{"above the policy", "shaped:TCNI_EGRESS=delay 5s", "5s is above policy.maxDelay, 2s", false},
		{"an argument that the delegate refuses", "shaped:FOO=bar;TCNI_EGRESS=rate 4mbit", `delegate ptp: ARGS: unknown args ["FOO=bar"]`, false},
		{"shaping", "shaped:TCNI_EGRESS=rate 4mbit", "record: ", true},
		{"a companion's target that is not there", "weather:TCNI_EGRESS=rate 4mbit", "no such interface: eth0", false},
		{"a companion of what is shaped", "shaped:TCNI_EGRESS=rate 4mbit,weather:TCNI_EGRESS=rate 5mbit", "target: eth0 is shaped by network shaped already", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNode(t)
			before := n.snapshot()
			if c.noRecords {
				n.inNode(func() error { return os.WriteFile(lab.RecordDir, nil, 0o644) })
			}
			run := n.run("setup", c.networks)
			if run.ExitCode == 0 || !strings.Contains(run.Stderr, c.want) {
				t.Errorf("setup: exit %d: %s\nwant %q", run.ExitCode, run.Stderr, c.want)
			}
			n.run("cleanup", "")
			if c.noRecords {
				n.inNode(func() error { return os.Remove(lab.RecordDir) })
			}
			n.wantNothingLeft(before, "a setup that failed")
		})
	}
}
