// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/containernetworking/cni/pkg/types"

	"tcni.dev/e2e/lab"
	"tcni.dev/pkg/rtnl"
)

const ifName = "eth0"

// attachment is what a container runtime makes of a pod.
func attachment(ns *lab.NS, annotations []Annotation) lab.Attachment {
	a := ns.Attach()
	a.IfName = ifName
	if len(annotations) > 0 {
		m := map[string]string{}
		for _, an := range annotations {
			m[an.Key] = an.Value
		}
		a.Capabilities = map[string]any{"io.kubernetes.cri.pod-annotations": m}
	}
	return a
}

// make makes a container that has no network yet.
func (r *run) make(name string) (err error) {
	r.containers[name], err = r.lab.AddContainer(name)
	return err
}

// add runs the chain's ADD.
func (r *run) add(ctx context.Context, name string, annotations []Annotation) error {
	out, err := r.lab.Add(ctx, []byte(conflist), attachment(r.containers[name], annotations))
	if err != nil {
		return err
	}
	if len(out.Result.IPs) == 0 {
		return errors.New("ADD returned no address")
	}
	addr, ok := netip.AddrFromSlice(out.Result.IPs[0].Address.IP)
	if !ok {
		return fmt.Errorf("ADD returned the address %v", out.Result.IPs[0])
	}
	r.addrs[name] = addr.Unmap()
	return nil
}

func (r *run) del(ctx context.Context, name string) error {
	_, err := r.lab.Del(ctx, []byte(conflist), r.containers[name].Attach())
	return err
}

// wrong asks for what does not exist. As a runtime does, it calls DEL after the
// ADD that failed: the plugins before tcni have done their part.
func (r *run) wrong(ctx context.Context) error {
	err := r.add(ctx, shop, []Annotation{misspelt})
	if refused := new(types.Error); !errors.As(err, &refused) || refused.Code != types.ErrInvalidNetworkConfig {
		return fmt.Errorf("ADD with %s returned %v, want CNI error %d", misspelt.yaml(), err, types.ErrInvalidNetworkConfig)
	}
	// Without what the lab says before it.
	_, r.report.WrongValue, _ = strings.Cut(err.Error(), ": ADD: ")
	return r.del(ctx, shop)
}

// look dumps what the kernel has for the shop's egress, and has CHECK compare it.
func (r *run) look(ctx context.Context, annotations []Annotation) error {
	ns := r.containers[shop]
	if _, err := r.lab.Check(ctx, []byte(conflist), attachment(ns, annotations)); err != nil {
		r.report.Failures = append(r.report.Failures, err.Error())
	}
	err := r.lab.Node.Do(func() error {
		conn, err := rtnl.Open(ns.Path)
		if err != nil {
			return err
		}
		defer conn.Close()
		link, err := conn.LinkByName(ifName)
		if err != nil {
			return err
		}
		tree, err := conn.Dump(link.Device())
		r.report.Tree = tree.Lines()
		return err
	})
	if err != nil {
		return fmt.Errorf("dump %s: %w", ifName, err)
	}
	out, err := ns.Output(ctx, "tc", "-s", "qdisc", "show", "dev", ifName)
	if err != nil {
		return err
	}
	r.report.Statistics = netemOf(out)
	r.Progress("looking at the node with the shop shaped")
	r.shaped, err = r.lab.Snapshot(ctx)
	return err
}

// compare tells what is left on the node after the last DEL.
func (r *run) compare(ctx context.Context) error {
	r.Progress("looking at the node after the last case")
	after, err := r.lab.Snapshot(ctx)
	if err != nil {
		return err
	}
	r.report.Counts = counts(r.before, r.shaped, after)
	r.report.Left = after.Diff(r.before)
	if r.report.Left != "" {
		left := strings.ReplaceAll(strings.TrimSpace(r.report.Left), "\n", "; ")
		r.report.Failures = append(r.report.Failures, "DEL left a difference: "+left)
	}
	return nil
}

// netemOf picks each netem's counters out of tc -s qdisc show.
func netemOf(text string) []string {
	var out []string
	in := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if in && strings.HasPrefix(line, "Sent ") {
			out = append(out, line)
		}
		in = strings.HasPrefix(line, "qdisc netem ")
	}
	return out
}
