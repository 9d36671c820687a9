// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/coreos/go-iptables/iptables"

	"tcni.dev/pkg/plan"
	"tcni.dev/pkg/tc"
)

// exemption lets traffic that the node itself originates pass unshaped, so that
// an impaired pod is not killed by its own probes. No tc filter can tell such
// packets from forwarded ones: a chain of ours in mangle's OUTPUT writes the
// unshaped class into their priority, which HTB obeys (htb_classify in
// net/sched/sch_htb.c). Where the tree is in the container's namespace the
// priority does not survive the way there (____dev_forward_skb), and the
// node's address towards the container tells instead.
type exemption struct {
	mark    Mark
	pods    []netip.Addr // the container's addresses; none: nothing is exempted
	sources []netip.Addr // the node's, towards them
}

// Errors of exemptNode.
var (
	// ErrExempt says that iptables refused something, or is not there.
	ErrExempt = errors.New("exemptNode")
	// ErrAddresses says that the result does not tell the container's addresses.
	ErrAddresses = errors.New("exemptNode: prevResult: ips: the container's addresses cannot be read")
)

const table, hook = "mangle", "OUTPUT"

// exempt finds out whose traffic is to pass.
func (p *place) exempt(a Attachment) (e exemption, err error) {
	if !a.ExemptNode {
		return e, nil
	}
	e.mark = p.mark
	if e.pods, err = podAddrs(a.PrevResult); err != nil {
		return e, err
	}
	for _, pod := range e.pods {
		source, _, err := p.host.RouteSource(pod)
		if err != nil {
			continue // the node does not reach the container by this address
		}
		e.sources = append(e.sources, source)
	}
	return e, nil
}

// chain is the name of the attachment's chain: at most 28 characters.
func chain(m Mark) string { return strings.ToUpper(prefix) + string(m[len(m)-instanceLen-1:]) }

// rules are those of the chain: who is taken, and where to.
func (e exemption) rules(proto iptables.Protocol) (jumps [][]string) {
	for _, pod := range e.pods {
		if pod.Is4() == (proto == iptables.ProtocolIPv4) {
			jumps = append(jumps, []string{"-d", netip.PrefixFrom(pod, pod.BitLen()).String(), "-j", chain(e.mark)})
		}
	}
	return jumps
}

var classify = []string{"-j", "CLASSIFY", "--set-class", fmt.Sprintf("%04x:%04x", plan.Unshaped.Major(), plan.Unshaped.Minor())}

var protocols = []iptables.Protocol{iptables.ProtocolIPv4, iptables.ProtocolIPv6}

// onHost tells whether iptables is what exempts.
func (e exemption) onHost(made *plan.Plan) bool {
	return len(e.pods) > 0 && made.Ingress != nil && made.Ingress.Where == tc.OnHost
}

// each calls do for every protocol that the container has an address of, with
// the rules that lead to the chain; not at all where iptables does not exempt.
func (e exemption) each(made *plan.Plan, do func(t *iptables.IPTables, jumps [][]string) error) error {
	if !e.onHost(made) {
		return nil
	}
	for _, proto := range protocols {
		jumps := e.rules(proto)
		if len(jumps) == 0 {
			continue
		}
		t, err := iptables.NewWithProtocol(proto)
		if err != nil {
			return fmt.Errorf("%w: iptables cannot be run: %w: install it, or leave exemptNode out", ErrExempt, err)
		}
		if err := do(t, jumps); err != nil {
			return fmt.Errorf("%w: %w", ErrExempt, err)
		}
	}
	return nil
}

// install puts the chain in place; two times is the same as once.
func (e exemption) install(made *plan.Plan) error {
	return e.each(made, func(t *iptables.IPTables, jumps [][]string) error {
		if err := t.ClearChain(table, chain(e.mark)); err != nil { // makes it, if it is not there
			return err
		}
		if err := t.Append(table, chain(e.mark), classify...); err != nil {
			return err
		}
		for _, jump := range jumps {
			if err := t.AppendUnique(table, hook, jump...); err != nil {
				return err
			}
		}
		return nil
	})
}

// missing lists the rules that are not there.
func (e exemption) missing(made *plan.Plan) (out []string, err error) {
	err = e.each(made, func(t *iptables.IPTables, jumps [][]string) error {
		present, err := t.ChainExists(table, chain(e.mark))
		if err != nil {
			return err
		}
		if !present {
			out = append(out, fmt.Sprintf("host %s: chain %s: want it, got nothing", table, chain(e.mark)))
			return nil
		}
		look := func(where string, rule []string) {
			if ok, err := t.Exists(table, where, rule...); err != nil || !ok {
				out = append(out, fmt.Sprintf("host %s %s: want %q, got nothing", table, where, strings.Join(rule, " ")))
			}
		}
		for _, jump := range jumps {
			look(hook, jump)
		}
		look(chain(e.mark), classify)
		return nil
	})
	return out, err
}
