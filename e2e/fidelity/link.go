// SPDX-License-Identifier: Apache-2.0

package fidelity

import (
	"context"
	"errors"
	"net/netip"
	"strings"

	types100 "github.com/containernetworking/cni/pkg/types/100"

	"tcni.dev/e2e/lab"
	"tcni.dev/e2e/measure"
)

// Variants.
const (
	tcni  = "tcni"
	netem = "netem"
	bare  = "bare"
)

// Link is one attachment.
type Link struct {
	Container, Node, World *lab.NS
	HostIf                 string // the container's interface's other end
	Case                   Case
	Variant                string
	// Scale multiplies the number of packets that are sent.
	Scale float64
	Base  Baselines // what the path adds by itself

	lab        *lab.Lab
	list       []byte
	result     *types100.Result
	addr4      netip.Addr
	addr6      netip.Addr
	port       uint16
	diagnostic string // what the plugin said on standard error
}

// annotations is the capability by which containerd and CRI-O hand annotations over.
const annotations = "io.kubernetes.cri.pod-annotations"

// defaultMTU is that of every link but where a case asks for another.
const defaultMTU = 1500

// attach makes a container with the case's shape in the variant's way.
func attach(ctx context.Context, l *lab.Lab, name string, c Case, variant string) (*Link, error) {
	ns, err := l.AddContainer(name)
	if err != nil {
		return nil, err
	}
	link := &Link{Container: ns, Node: l.Node, World: l.World("payments"), Case: c, Variant: variant, Scale: 1, lab: l, port: 5000}
	ptp := lab.PTP()
	if c.MTU != 0 {
		ptp["mtu"] = c.MTU
	}
	plugins := []lab.Conf{ptp}
	if variant == tcni {
		plugins = append(plugins, link.entry())
	}
	if link.list, err = lab.Conflist("fidelity", "1.0.0", plugins...); err != nil {
		return nil, err
	}
	if err := link.add(ctx); err != nil {
		return nil, errors.Join(err, l.RemoveContainer(name))
	}
	return link, nil
}

func (l *Link) attachment(words string) lab.Attachment {
	a := l.Container.Attach()
	a.Capabilities = map[string]any{annotations: map[string]string{"tcni.dev/" + string(l.Case.Direction): words}}
	return a
}

// netem runs tc on the end of the link where the direction's packets leave.
func (l *Link) netem(ctx context.Context, verb, words string) error {
	ns, dev := l.Container, "eth0"
	if l.Case.Direction == Ingress {
		ns, dev = l.Node, l.HostIf
	}
	args := append([]string{"qdisc", verb, "dev", dev, "root", "netem"}, strings.Fields(words)...)
	if _, err := ns.Output(ctx, "tc", args...); err != nil || verb != "add" || strings.Contains(words, "loss") {
		return err
	}
	// As in a new container, nobody knows anybody's hardware address. Where the
	// question for it may be lost, by chance a second would pass without a packet.
	_, err := l.Container.Output(ctx, "ip", "neigh", "flush", "dev", "eth0")
	_, nerr := l.Node.Output(ctx, "ip", "neigh", "flush", "dev", l.HostIf)
	return errors.Join(err, nerr)
}

func (l *Link) detach(ctx context.Context) error {
	_, err := l.lab.Del(ctx, l.list, l.attachment(l.Case.Words))
	return errors.Join(err, l.lab.RemoveContainer(l.Container.Name))
}

// ends are the traffic's sender and receiver.
func (l *Link) ends() (from, to *lab.NS) {
	if l.Case.Direction == Ingress {
		return l.World, l.Container
	}
	return l.Container, l.World
}

// target is an address of the receiver's with a port that was not used before.
func (l *Link) target(v6 bool) netip.AddrPort {
	l.port++
	world4, world6 := netip.MustParseAddr("10.0.5.10"), netip.MustParseAddr("fd00:5::10")
	switch {
	case l.Case.Direction != Ingress && v6:
		return netip.AddrPortFrom(world6, l.port)
	case l.Case.Direction != Ingress:
		return netip.AddrPortFrom(world4, l.port)
	case v6:
		return netip.AddrPortFrom(l.addr6, l.port)
	}
	return netip.AddrPortFrom(l.addr4, l.port)
}

// tap is the first place behind the impairment, unless the placement is in the
// container and the direction ingress: there the queue is behind every tap.
func (l *Link) tap() measure.Tap {
	if l.Case.Direction == Ingress {
		return measure.Tap{Namespace: l.Container, Interface: "eth0", Direction: measure.Incoming}
	}
	return measure.Tap{Namespace: l.Node, Interface: l.HostIf, Direction: measure.Incoming}
}

// packets is n, scaled.
func (l *Link) packets(n int) int { return max(int(float64(n)*l.Scale), 1) }
