// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"encoding/json"
	"fmt"
)

// Conf is one plugin's entry in a conflist, as it will be in JSON.
type Conf map[string]any

// Subnets that the helpers below give to containers.
const (
	Subnet4 = "10.88.0.0/24"
	Subnet6 = "fd00:88::/64"
)

// Conflist is the text of a network configuration list of the given name and CNI version.
func Conflist(name, cniVersion string, plugins ...Conf) ([]byte, error) {
	b, err := json.MarshalIndent(Conf{"cniVersion": cniVersion, "name": name, "plugins": plugins}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("conflist %s: %w", name, err)
	}
	return b, nil
}

// HostLocal is an ipam entry that gives an address of every subnet, and default routes.
func HostLocal(subnets ...string) Conf {
	var ranges [][]Conf
	for _, s := range subnets {
		ranges = append(ranges, []Conf{{"subnet": s}})
	}
	return Conf{
		"type": "host-local", "ranges": ranges,
		"routes": []Conf{{"dst": "0.0.0.0/0"}, {"dst": "::/0"}},
	}
}

// PTP is the reference ptp plugin with both subnets.
func PTP() Conf { return Conf{"type": "ptp", "mtu": 1500, "ipam": HostLocal(Subnet4, Subnet6)} }

// Bridge is the reference bridge plugin on bridge cni0, which is the gateway of both subnets.
func Bridge() Conf {
	return Conf{
		"type": "bridge", "bridge": "cni0", "isGateway": true, "mtu": 1500,
		"ipam": HostLocal(Subnet4, Subnet6),
	}
}

// Macvlan is the reference macvlan plugin in bridge mode on a link of the node.
func Macvlan(master string) Conf {
	return Conf{"type": "macvlan", "master": master, "mode": "bridge", "ipam": HostLocal(Subnet4, Subnet6)}
}

// Bandwidth is the reference bandwidth plugin. Rates are in bits per second and bursts in bits, as
// the plugin has them; ingress is towards the container.
func Bandwidth(ingressRate, ingressBurst, egressRate, egressBurst int64) Conf {
	return Conf{
		"type": "bandwidth", "ingressRate": ingressRate, "ingressBurst": ingressBurst,
		"egressRate": egressRate, "egressBurst": egressBurst,
	}
}
