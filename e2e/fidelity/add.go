// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"

	"tcni.dev/e2e/lab"
)

// add runs the chain's ADD.
func (l *Link) add(ctx context.Context) error {
	out, err := l.lab.Add(ctx, l.list, l.attachment(l.Case.Words))
	l.diagnostic = out.Stderr
	if err != nil {
		return err
	}
	l.result = out.Result
	for _, ip := range out.Result.IPs {
		if addr, _ := netip.AddrFromSlice(ip.Address.IP); addr.Unmap().Is4() {
			l.addr4 = addr.Unmap()
		} else {
			l.addr6 = addr
		}
	}
	l.HostIf = out.Result.Interfaces[0].Name
	return nil
}

// change runs tcni's ADD again, alone: a change in place. CHECK must agree.
func (l *Link) change(ctx context.Context, words string) error {
	entry := l.entry()
	entry["cniVersion"], entry["name"], entry["prevResult"] = "1.0.0", "fidelity", l.result
	entry["runtimeConfig"] = l.attachment(words).Capabilities
	stdin, err := json.Marshal(entry)
	if err != nil {
		return err
	}
	for _, verb := range []lab.Verb{lab.ADD, lab.CHECK} {
		run, err := l.lab.Plugin(ctx, "tcni", l.lab.Env(verb, l.attachment(words)), stdin)
		if err != nil {
			return err
		}
		if run.ExitCode != 0 {
			return fmt.Errorf("%s with %s: %s%s", verb, words, run.Stdout, run.Stderr)
		}
	}
	return nil
}

// entry is tcni's in the conflist.
func (l *Link) entry() lab.Conf {
	entry := lab.Conf{"type": "tcni", "capabilities": lab.Conf{annotations: true}}
	if l.Case.Placement != "" {
		entry["placement"] = l.Case.Placement
	}
	return entry
}
