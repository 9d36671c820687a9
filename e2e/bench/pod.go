// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"tcni.dev/e2e/lab"
)

// pod is a container's interface, as the ptp plugin would leave it.
type pod struct {
	lab.Attachment
	ns   *lab.NS
	host string // the other end, in the node
}

// newPod makes a container with an interface eth0.
func newPod(l *lab.Lab, name string) (pod, error) {
	ns, err := l.AddContainer(name)
	if err != nil {
		return pod{}, err
	}
	p := pod{Attachment: ns.Attach(), ns: ns, host: "v-" + name}
	return p, connect(l, ns, []pod{p})
}

// connect makes the veths of pods that share a container.
func connect(l *lab.Lab, ns *lab.NS, pods []pod) error {
	err := netlinkIn(l.Node, func(h *netlink.Handle) error {
		target, err := os.Open(ns.Path)
		if err != nil {
			return err
		}
		defer target.Close()
		for _, p := range pods {
			veth := &netlink.Veth{
				LinkAttrs: netlink.LinkAttrs{Name: p.host, TxQLen: 1000, Flags: net.FlagUp},
				PeerName:  p.IfName, PeerNamespace: netlink.NsFd(target.Fd()),
			}
			if err := h.LinkAdd(veth); err != nil {
				return fmt.Errorf("add veth %s: %w", p.host, err)
			}
		}
		return nil
	})
	return errors.Join(err, netlinkIn(ns, func(h *netlink.Handle) error {
		for _, p := range pods {
			link, err := h.LinkByName(p.IfName)
			if err != nil {
				return fmt.Errorf("link %s: %w", p.IfName, err)
			}
			if err := h.LinkSetUp(link); err != nil {
				return fmt.Errorf("link %s: set up: %w", p.IfName, err)
			}
		}
		return nil
	}))
}

// bare takes from the pods' host ends what the bandwidth plugin's DEL leaves
// there: it counts on the veth to go. The calling thread is in the node.
func (b *bench) bare(pods ...pod) error {
	h, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return fmt.Errorf("netlink socket: %w", err)
	}
	defer h.Close()
	for _, p := range pods {
		link, err := h.LinkByName(p.host)
		if err != nil {
			return fmt.Errorf("link %s: %w", p.host, err)
		}
		for _, parent := range []uint32{netlink.HANDLE_ROOT, netlink.HANDLE_INGRESS} {
			attrs := netlink.QdiscAttrs{LinkIndex: link.Attrs().Index, Parent: parent}
			err := h.QdiscDel(&netlink.GenericQdisc{QdiscAttrs: attrs})
			if err != nil && !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.EINVAL) {
				return fmt.Errorf("link %s: delete qdisc: %w", p.host, err)
			}
		}
	}
	return nil
}

// netlinkIn calls fn with a netlink socket of the namespace.
func netlinkIn(ns *lab.NS, fn func(*netlink.Handle) error) error {
	return ns.Do(func() error {
		h, err := netlink.NewHandle(unix.NETLINK_ROUTE)
		if err != nil {
			return fmt.Errorf("netlink socket in %s: %w", ns.Name, err)
		}
		defer h.Close()
		return fn(h)
	})
}

// result is what the plugin before ours has printed.
func (p pod) result(cniVersion string) lab.Conf {
	return lab.Conf{
		"cniVersion": cniVersion,
		"interfaces": []lab.Conf{
			{"name": p.host, "mac": "02:00:00:00:00:01"},
			{"name": p.IfName, "mac": "02:00:00:00:00:02", "sandbox": p.NetNS},
		},
		"ips": []lab.Conf{{"interface": 1, "address": "10.88.0.5/24", "gateway": "10.88.0.1"}},
		"dns": lab.Conf{},
	}
}
