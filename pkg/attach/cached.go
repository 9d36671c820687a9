// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"encoding/json"
	"net"
	"net/netip"
	"os"

	"tcni.dev/conf"
)

// CacheDirs are where libcni keeps what each network's ADD was given and returned,
// longer than the container where that ended without DEL: for containerd, CRI-O,
// podman and nerdctl (libcni's CacheDir), and for what Multus calls. Where two know
// an interface the later tells more: the former has Multus' own network for it.
var CacheDirs = []string{"/var/lib/cni/results", "/var/lib/cni/multus/results"}

// cached is a file of the cache: cachedInfo in libcni's api.go, version
// cniCacheV1. Netns came with libcni 1.2.
type cached struct {
	Kind        string      `json:"kind"`
	ContainerID string      `json:"containerId"`
	IfName      string      `json:"ifName"`
	NetworkName string      `json:"networkName"`
	Netns       string      `json:"netns"`
	CNIArgs     [][2]string `json:"cniArgs"`
	Result      struct {
		Interfaces []struct {
			Name    string `json:"name"`
			MAC     string `json:"mac"`
			Sandbox string `json:"sandbox"`
		} `json:"interfaces"`
		IPs []struct {
			Address string `json:"address"`
		} `json:"ips"`
		IP4, IP6 struct { // 0.1.0 and 0.2.0 have these alone
			IP string `json:"ip"`
		}
	} `json:"result"`
}

// readCached reads a file of the cache; it is false where that is of no interface
// that can be shaped.
func readCached(path string) (c cached, ok bool) {
	data, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(data, &c) != nil {
		return c, false
	}
	return c, c.Kind == "cniCacheV1" && c.IfName != "lo" && c.netns() != ""
}

func (c cached) identity() Identity { return Identity{c.NetworkName, c.ContainerID, c.IfName} }

// netns is the path that ADD was given, or that it returned for the interface.
func (c cached) netns() string {
	if c.Netns != "" {
		return c.Netns
	}
	for _, i := range c.Result.Interfaces {
		if i.Name == c.IfName {
			return i.Sandbox
		}
	}
	return ""
}

// record is what the companion records of the attachment.
func (c cached) record() Record {
	rec := Record{Identity: c.identity(), Netns: c.netns(), Placement: conf.PlaceAuto, Companion: true}
	for _, arg := range c.CNIArgs {
		switch arg[0] {
		case "K8S_POD_NAMESPACE":
			rec.Pod.Namespace = arg[1]
		case "K8S_POD_NAME":
			rec.Pod.Name = arg[1]
		case "K8S_POD_UID":
			rec.Pod.UID = arg[1]
		}
	}
	return rec
}

// mac is the hardware's address that ADD returned; nil: none.
func (c cached) mac() net.HardwareAddr {
	for _, i := range c.Result.Interfaces {
		if i.Name == c.IfName && i.Sandbox != "" { // the host can have one of this name, too
			mac, _ := net.ParseMAC(i.MAC) // what is no address tells nothing
			return mac
		}
	}
	return nil
}

// addrs are the addresses that ADD returned, for whichever of its interfaces.
func (c cached) addrs() (out []netip.Addr) {
	list := []string{c.Result.IP4.IP, c.Result.IP6.IP}
	for _, ip := range c.Result.IPs {
		list = append(list, ip.Address)
	}
	for _, text := range list {
		if p, err := netip.ParsePrefix(text); err == nil {
			out = append(out, p.Addr())
		}
	}
	return out
}
